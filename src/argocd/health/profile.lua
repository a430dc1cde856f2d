-- ClusterProfile and Profile of Sveltos. The ClusterSummary of each cluster contains its status.
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
if obj.status == nil then
  -- Sveltos sets its finalizer first, and sets no status while no cluster matches.
  for _, finalizer in ipairs(metadata.finalizers or {}) do
    if finalizer == "clusterprofilefinalizer.projectsveltos.io" or finalizer == "profilefinalizer.projectsveltos.io" then
      hs.status = "Healthy"
      hs.message = "No cluster matches"
    end
  end
  return hs
end
local failed = (status.failedClusters or {})[1]
if failed ~= nil then
  hs.status = "Degraded"
  hs.message = ((failed.clusterRef or {}).name or "a cluster") .. ": " .. failed.failureMessage
  return hs
end
local updating = (status.updatingClusters or {}).clusters or {}
if updating[1] ~= nil then
  hs.message = "Clusters that are being updated: " .. #updating
  return hs
end
hs.status = "Healthy"
hs.message = "Clusters that match: " .. #(status.matchingClusters or {})
return hs
