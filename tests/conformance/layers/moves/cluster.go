// Package moves migrates software between delivery methods with the two versions of Helm that they use: version 3 in the add-on
// provider of Cluster API, version 4 in Flux and Sveltos.
package moves

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"k8s.io/cli-runtime/pkg/genericclioptions"
	"sigs.k8s.io/yaml"
)

// cluster is an API server with only the resources that Helm needs to install ConfigMaps.
type cluster struct {
	*httptest.Server
	mutex   sync.Mutex
	objects map[string]map[string]any
	// created contains the names of all objects that were ever created.
	created map[string]bool
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{objects: map[string]map[string]any{}, created: map[string]bool{}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// getter returns the client configuration of the cluster.
func (c *cluster) getter() *genericclioptions.ConfigFlags {
	flags := genericclioptions.NewConfigFlags(false)
	flags.APIServer = &c.URL
	namespace := namespace
	flags.Namespace = &namespace
	return flags
}

var discovery = map[string]string{
	"/version": `{"major": "1", "minor": "34", "gitVersion": "v1.34.0"}`,
	"/api":     `{"kind": "APIVersions", "versions": ["v1"]}`,
	"/apis":    `{"kind": "APIGroupList", "apiVersion": "v1", "groups": []}`,
	"/api/v1": `{"kind": "APIResourceList", "groupVersion": "v1", "resources": [{"name": "configmaps", "namespaced": true,
		"kind": "ConfigMap", "verbs": ["get", "list", "create", "patch", "delete"]}]}`,
}

var notFound = map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": http.StatusNotFound}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if text, known := discovery[r.URL.Path]; known {
		io.WriteString(w, text)
		return
	}
	rest, is := strings.CutPrefix(r.URL.Path, "/api/v1/namespaces/"+namespace+"/configmaps")
	if !is {
		answer(w, http.StatusNotFound, notFound)
		return
	}
	name := strings.Trim(rest, "/")
	sent := map[string]any{}
	if body, err := io.ReadAll(r.Body); err == nil && len(body) > 0 {
		if err := yaml.Unmarshal(body, &sent); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	object, there := c.objects[name]
	switch {
	case r.Method == http.MethodPost:
		name, _ = sent["metadata"].(map[string]any)["name"].(string)
		object, there = sent, true
		c.created[name] = true
	case r.Method == http.MethodPatch && (there || strings.Contains(r.Header.Get("Content-Type"), "apply")):
		if !there {
			object, there = map[string]any{}, true
			c.created[name] = true
		}
		merge(object, sent)
	case !there:
	case r.Method == http.MethodDelete:
		delete(c.objects, name)
		answer(w, http.StatusOK, object)
		return
	}
	if !there {
		answer(w, http.StatusNotFound, notFound)
		return
	}
	c.objects[name] = object
	answer(w, http.StatusOK, object)
}

func answer(w http.ResponseWriter, code int, object map[string]any) {
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(object)
}

// merge applies a JSON Merge Patch: no field of a ConfigMap has another merge strategy.
func merge(object, patch map[string]any) {
	for key, value := range patch {
		below, isMap := value.(map[string]any)
		old, wasMap := object[key].(map[string]any)
		switch {
		case value == nil:
			delete(object, key)
		case isMap && wasMap:
			merge(old, below)
		default:
			object[key] = value
		}
	}
}
