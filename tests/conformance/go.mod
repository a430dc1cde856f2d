module kubectl-fleet.io/conformance

go 1.26.0

require (
	github.com/drone/envsubst/v2 v2.0.0-20210730161058-179042472c46
	go.yaml.in/yaml/v3 v3.0.6
	k8s.io/apimachinery v0.36.3
	sigs.k8s.io/cluster-api v1.14.2
	sigs.k8s.io/yaml v1.6.0
)

require (
	go.yaml.in/yaml/v2 v2.4.3 // indirect
	sigs.k8s.io/json v0.0.0-20250730193827-2d320260d730 // indirect
)

// cluster-api names its own api module by a folder, which only its own checkout has.
replace sigs.k8s.io/cluster-api/api => sigs.k8s.io/cluster-api/api v1.14.2
