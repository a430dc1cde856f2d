package sveltos

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Instantiate follows getInstantiatedChart in addon-controller's controllers, which evaluates every field of a chart for a
// cluster. If the evaluation fails, Sveltos cannot even uninstall a release.
func (c Chart) Instantiate(cluster Cluster) (Chart, error) {
	var problems []error
	text := func(value string) string {
		filled, err := field(value, cluster)
		problems = append(problems, err)
		return filled
	}
	c.RepositoryURL = text(c.RepositoryURL)
	c.RepositoryName = text(c.RepositoryName)
	c.ChartName = text(c.ChartName)
	c.ChartVersion = text(c.ChartVersion)
	c.ReleaseName = text(c.ReleaseName)
	c.ReleaseNamespace = text(c.ReleaseNamespace)
	c.Values = text(c.Values)
	from, err := field(c.ValuesFrom, cluster)
	c.ValuesFrom = from
	c.HelmChartAction = text(c.HelmChartAction)
	return c, errors.Join(append(problems, err)...)
}

// locate returns the chart and the repository of an instantiated chart: getHelmChartAndRepoName in addon-controller's
// controllers, and the lookup of Helm, which uses the part of the chart's name before the slash as the name of the repository. A
// chart of a registry is a reference.
func (m *Management) locate(chart Chart) (repository, name string, err error) {
	prefix := chart.RepositoryName + "/"
	short := strings.TrimPrefix(chart.ChartName, prefix)
	if strings.HasPrefix(chart.RepositoryURL, "oci://") {
		at, err := url.Parse(chart.RepositoryURL)
		if err != nil {
			return "", "", err
		}
		at.Path = path.Join(at.Path, short)
		return "", at.String(), nil
	}
	m.addRepository(chart.RepositoryName, chart.RepositoryURL)
	found, name, _ := strings.Cut(prefix+short, "/")
	repository, known := m.repositories[found]
	if !known {
		return "", "", fmt.Errorf("no repository is called %q", found)
	}
	return repository, name, nil
}

// addRepository follows repoAddOrUpdate in addon-controller's controllers: an existing name keeps its URL.
func (m *Management) addRepository(name, url string) {
	if _, known := m.repositories[name]; !known {
		m.repositories[name] = url
	}
}
