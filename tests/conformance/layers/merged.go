// Package layers merges values files with Helm and with the binary under test.
package layers

import (
	chart3 "helm.sh/helm/v3/pkg/chart"
	chartutil3 "helm.sh/helm/v3/pkg/chartutil"
	values3 "helm.sh/helm/v3/pkg/cli/values"
	util4 "helm.sh/helm/v4/pkg/chart/common/util"
	chart4 "helm.sh/helm/v4/pkg/chart/v2"
	values4 "helm.sh/helm/v4/pkg/cli/values"
)

// Helm is the part of a version of Helm that processes values.
type Helm struct {
	Name string
	// Merged reads files like the option `-f`, lowest first.
	Merged func(files []string) (map[string]any, error)
	// Coalesced returns the values that the templates of a chart get.
	Coalesced func(defaults, ofSubchart, values map[string]any) (map[string]any, error)
}

// Subchart is the name of the only dependency of the charts in these tests.
const Subchart = "sub"

// Helms are the versions that controllers use: version 3 in the add-on provider of Cluster API, version 4 in Sveltos and Flux.
// They treat nulls differently.
var Helms = []Helm{
	{
		Name: "v3",
		Merged: func(files []string) (map[string]any, error) {
			return (&values3.Options{ValueFiles: files}).MergeValues(nil)
		},
		Coalesced: func(defaults, ofSubchart, values map[string]any) (map[string]any, error) {
			chart := &chart3.Chart{Metadata: &chart3.Metadata{Name: "chart"}, Values: defaults}
			chart.AddDependency(&chart3.Chart{Metadata: &chart3.Metadata{Name: Subchart}, Values: ofSubchart})
			return chartutil3.CoalesceValues(chart, values)
		},
	},
	{
		Name: "v4",
		Merged: func(files []string) (map[string]any, error) {
			return (&values4.Options{ValueFiles: files}).MergeValues(nil)
		},
		Coalesced: func(defaults, ofSubchart, values map[string]any) (map[string]any, error) {
			chart := &chart4.Chart{Metadata: &chart4.Metadata{Name: "chart"}, Values: defaults}
			chart.AddDependency(&chart4.Chart{Metadata: &chart4.Metadata{Name: Subchart}, Values: ofSubchart})
			return util4.CoalesceValues(chart, values)
		},
	},
}
