package live

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// chartRepository serves a chart in several versions, and returns the URL of the chart repository.
func chartRepository(t *testing.T, chart string, versions ...string) string {
	t.Helper()
	index := "apiVersion: v1\nentries:\n  demo:\n"
	files := map[string][]byte{}
	for _, version := range versions {
		name := "/demo-" + version + ".tgz"
		index += fmt.Sprintf("  - {apiVersion: v2, name: demo, version: %s, urls: [%s]}\n", version, strings.TrimPrefix(name, "/"))
		files[name] = archive(t, chart, version)
	}
	files["/index.yaml"] = []byte(index)
	repository := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		file, exists := files[request.URL.Path]
		if !exists {
			http.NotFound(response, request)
			return
		}
		// The test fails where the chart does not arrive.
		_, _ = response.Write(file)
	}))
	t.Cleanup(repository.Close)
	return repository.URL
}

// archive packs a chart, with its version replaced.
func archive(t *testing.T, chart, version string) []byte {
	t.Helper()
	var packed bytes.Buffer
	compressed := gzip.NewWriter(&packed)
	writer := tar.NewWriter(compressed)
	err := fs.WalkDir(os.DirFS(chart), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(os.DirFS(chart), path)
		if err != nil {
			return err
		}
		if path == "Chart.yaml" {
			text = bytes.Replace(text, []byte("version: 1.0.0"), []byte("version: "+version), 1)
		}
		if err := writer.WriteHeader(&tar.Header{Name: "demo/" + path, Mode: 0o644, Size: int64(len(text))}); err != nil {
			return err
		}
		_, err = writer.Write(text)
		return err
	})
	if err == nil {
		err = writer.Close()
	}
	if err == nil {
		err = compressed.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
