-- An object of Cluster API or of one of its providers, with conditions of v1beta1 or v1beta2.
local hs = { status = "Progressing", message = "Waiting for the controller" }
local metadata = obj.metadata or {}
local status = obj.status or {}
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local function holds(kind)
  return conditions[kind] ~= nil and conditions[kind].status == "True"
end
local function say(health, condition)
  hs.status = health
  hs.message = condition.type .. ": " .. (condition.message or condition.reason or condition.status)
  return hs
end

if metadata.deletionTimestamp ~= nil or holds("Deleting") then
  hs.message = "Being deleted"
  return hs
end
local annotations = metadata.annotations or {}
if (obj.spec or {}).paused == true or annotations["cluster.x-k8s.io/paused"] ~= nil or holds("Paused") then
  hs.status = "Suspended"
  hs.message = "Reconciliation is paused"
  return hs
end
if obj.status == nil then
  return hs
end
if (status.observedGeneration or metadata.generation or 0) < (metadata.generation or 0) then
  hs.message = "Waiting for the controller to see the latest change"
  return hs
end
if status.failureMessage ~= nil then
  hs.status = "Degraded"
  hs.message = status.failureMessage
  return hs
end

-- Only v1beta1 has a severity; in v1beta2 and in the add-on provider for Helm, only the reason indicates a failure.
local failures = {
  ClusterSelectionFailed = true,
  GetCACertificateFailed = true,
  GetCredentialsFailed = true,
  HelmInstallOrUpgradeFailed = true,
  HelmReleaseDeletionFailed = true,
  HelmReleaseGetFailed = true,
  HelmReleaseProxyCreationFailed = true,
  HelmReleaseProxyDeletionFailed = true,
  ValueParsingFailed = true,
}
for _, condition in ipairs(status.conditions or {}) do
  if condition.status == "False" and (condition.severity == "Error" or failures[condition.reason or ""]) then
    return say("Degraded", condition)
  end
end
for _, kind in ipairs({ "Remediating", "RollingOut", "ScalingUp", "ScalingDown" }) do
  if holds(kind) then
    return say("Progressing", conditions[kind])
  end
end

local initialized = status.initialized == true
for _, done in pairs(status.initialization or {}) do
  initialized = initialized or done == true
end
local variables = conditions.VariablesReady or conditions.VariablesReconciled
local main = conditions.Ready or conditions.Available or variables
if main == nil then
  if status.ready == true or (status.ready == nil and initialized) then
    hs.status = "Healthy"
    hs.message = "Ready"
  end
  return hs
end
if main.status == "True" then
  hs.status = "Healthy"
  hs.message = "Ready"
  return hs
end
-- An object that was available and is not any more is worse than an object that is not available yet.
-- A control plane is initialized before it is
-- available for the first time (setAvailableCondition of Cluster API 1.14.2): a condition that is older than the
-- initialization was never true. Times of Kubernetes have one format and zone, so their order is that of the strings.
local is_lost = (main.severity or "") == "" and (initialized or main == variables)
local first = conditions.Initialized
if first ~= nil and (first.status ~= "True" or (main.lastTransitionTime or "~") <= (first.lastTransitionTime or "")) then
  is_lost = false
end
if main.status == "False" and is_lost then
  return say("Degraded", main)
end
return say("Progressing", main)
