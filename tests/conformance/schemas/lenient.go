package schemas

const (
	reasonZero    = "absent is the same as zero or false, which is valid"
	reasonEmpty   = "absent is the same as empty, which is valid"
	reasonUnseen  = "no rule of the API server reads it"
	reasonDefault = "the API server sets it"
)

// optional are the fields that the documents call required, but that an API server accepts without, with the reason. A row of the
// stable version also applies to the others. The suite of a real API server verifies each row.
var optional = map[string]string{
	"io.k8s.api.apps.v1.ControllerRevision.revision":               reasonZero,
	"io.k8s.api.batch.v1.PodFailurePolicy.rules":                   reasonEmpty,
	"io.k8s.api.core.v1.ClusterTrustBundleProjection.path":         reasonUnseen,
	"io.k8s.api.core.v1.Event.involvedObject":                      reasonEmpty,
	"io.k8s.api.core.v1.HTTPHeader.value":                          reasonEmpty,
	"io.k8s.api.core.v1.ISCSIPersistentVolumeSource.lun":           reasonZero,
	"io.k8s.api.core.v1.ISCSIVolumeSource.lun":                     reasonZero,
	"io.k8s.api.core.v1.LimitRangeSpec.limits":                     reasonEmpty,
	"io.k8s.api.core.v1.PreferredSchedulingTerm.preference":        reasonEmpty,
	"io.k8s.api.core.v1.ScaleIOPersistentVolumeSource.secretRef":   reasonUnseen,
	"io.k8s.api.core.v1.ScaleIOVolumeSource.secretRef":             reasonUnseen,
	"io.k8s.api.core.v1.SleepAction.seconds":                       reasonZero,
	"io.k8s.api.core.v1.Sysctl.value":                              reasonEmpty,
	"io.k8s.api.discovery.v1.ForZone.name":                         reasonUnseen,
	"io.k8s.api.resource.v1.DeviceCapacity.value":                  reasonZero,
	"io.k8s.api.resource.v1.DeviceClass.spec":                      reasonEmpty,
	"io.k8s.api.resource.v1.ResourceClaim.spec":                    reasonEmpty,
	"io.k8s.api.resource.v1.ResourceClaimTemplate.spec":            reasonEmpty,
	"io.k8s.api.resource.v1.ResourceClaimTemplateSpec.spec":        reasonEmpty,
	"io.k8s.api.resource.v1.ResourcePool.generation":               reasonZero,
	"io.k8s.api.storage.v1.CSIDriver.spec":                         reasonDefault,
	"io.k8s.api.storage.v1.CSINode.spec":                           reasonEmpty,
	"io.k8s.api.storage.v1.CSINodeSpec.drivers":                    reasonEmpty,
	"io.k8s.api.storage.v1.TokenRequest.audience":                  reasonEmpty,
	apiextensionsPrefix + "CustomResourceDefinitionVersion.served": reasonZero,
}

// needed are the fields that the documents call optional, but that contain required fields even if they are absent. The same suite
// verifies them.
var needed = map[string]bool{
	"io.k8s.api.apps.v1.DaemonSet.spec":        true,
	"io.k8s.api.apps.v1.Deployment.spec":       true,
	"io.k8s.api.apps.v1.ReplicaSet.spec":       true,
	"io.k8s.api.apps.v1.StatefulSet.spec":      true,
	"io.k8s.api.batch.v1.Job.spec":             true,
	"io.k8s.api.batch.v1.JobTemplateSpec.spec": true,
	"io.k8s.api.core.v1.Pod.spec":              true,
	"io.k8s.api.core.v1.PodTemplate.template":  true,
	"io.k8s.api.core.v1.PodTemplateSpec.spec":  true,
}

// emptyStrings states whether the API server accepts the empty string in fields with fixed values, where the documents state the opposite.
// The same suite verifies each row.
var emptyStrings = map[string]bool{
	"io.k8s.api.apps.v1.DaemonSetUpdateStrategy.type":                       true,
	"io.k8s.api.apps.v1.DeploymentStrategy.type":                            true,
	"io.k8s.api.apps.v1.StatefulSetSpec.podManagementPolicy":                true,
	"io.k8s.api.apps.v1.StatefulSetUpdateStrategy.type":                     true,
	"io.k8s.api.batch.v1.CronJobSpec.concurrencyPolicy":                     true,
	"io.k8s.api.core.v1.Container.imagePullPolicy":                          true,
	"io.k8s.api.core.v1.Container.terminationMessagePolicy":                 true,
	"io.k8s.api.core.v1.ContainerPort.protocol":                             true,
	"io.k8s.api.core.v1.EndpointPort.protocol":                              true,
	"io.k8s.api.core.v1.HTTPGetAction.scheme":                               true,
	"io.k8s.api.core.v1.ImageVolumeSource.pullPolicy":                       true,
	"io.k8s.api.core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy": true,
	"io.k8s.api.core.v1.PodSpec.dnsPolicy":                                  true,
	"io.k8s.api.core.v1.PodSpec.restartPolicy":                              true,
	"io.k8s.api.core.v1.ServicePort.protocol":                               true,
	"io.k8s.api.core.v1.ServiceSpec.externalTrafficPolicy":                  true,
	"io.k8s.api.core.v1.ServiceSpec.ipFamilies":                             false,
	"io.k8s.api.core.v1.ServiceSpec.sessionAffinity":                        true,
	"io.k8s.api.core.v1.Toleration.effect":                                  true,
	"io.k8s.api.core.v1.Toleration.operator":                                true,
	"io.k8s.api.resource.v1.DeviceSubRequest.allocationMode":                true,
	"io.k8s.api.resource.v1.ExactDeviceRequest.allocationMode":              true,
	"io.k8s.api.storage.v1.StorageClass.reclaimPolicy":                      true,
}
