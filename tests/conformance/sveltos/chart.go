package sveltos

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Instantiate follows getInstantiatedChart in addon-controller's controllers, which runs every field of a chart for a
// cluster. Sveltos cannot even take a release off where it fails.
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

// locate says which chart of which repository an instantiated chart is: getHelmChartAndRepoName in addon-controller's
// controllers, and how Helm then finds a repository by the part of the chart's name before the slash. A chart of a
// registry has a reference of its own.
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

// addRepository follows repoAddOrUpdate in addon-controller's controllers: a name that is known keeps its URL.
func (m *Management) addRepository(name, url string) {
	if _, known := m.repositories[name]; !known {
		m.repositories[name] = url
	}
}
