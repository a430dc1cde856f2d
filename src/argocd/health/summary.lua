-- ClusterSummary of Sveltos: the result of a profile on one cluster.
local hs = { status = "Progressing", message = "Waiting for Sveltos" }
local metadata = obj.metadata or {}
if metadata.deletionTimestamp ~= nil then
  hs.message = "Being withdrawn"
  return hs
end
local status = obj.status or {}
if (metadata.annotations or {})["profile.projectsveltos.io/paused"] ~= nil or status.reconciliationSuspended == true then
  hs.status = "Suspended"
  hs.message = status.suspensionReason or "Reconciliation is paused"
  return hs
end
for _, release in ipairs(status.helmReleaseSummaries or {}) do
  if release.status == "Conflict" then
    hs.status = "Degraded"
    hs.message = release.releaseName .. ": " .. (release.conflictMessage or "another profile manages the release")
    return hs
  end
end
local done = 0
for _, feature in ipairs(status.featureSummaries or {}) do
  if feature.status == "Failed" or feature.status == "FailedNonRetriable" then
    hs.status = "Degraded"
    hs.message = feature.featureID .. ": " .. (feature.failureMessage or feature.status)
    return hs
  end
  if feature.status == "Provisioned" or feature.status == "Removed" then
    done = done + 1
  end
end
if done > 0 and done == #status.featureSummaries then
  hs.status = "Healthy"
  hs.message = "Everything is deployed"
end
return hs
