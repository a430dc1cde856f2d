package argocd

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/db"
	"github.com/argoproj/argo-cd/v3/util/settings"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/repository"
)

// externalSecret contains the fields of an ExternalSecret that the tests read; the schemas check all fields.
type externalSecret struct {
	Metadata struct{ Name, Namespace string }
	Spec     struct {
		Data []struct {
			SecretKey string
			RemoteRef struct{ Key, Property string }
		}
		DataFrom []struct{ Extract struct{ Key string } }
		Target   struct {
			Name     string
			Template struct {
				Metadata     struct{ Labels map[string]string }
				Data         map[string]string
				TemplateFrom []struct{ Target, Literal string }
			}
		}
	}
}

// stored is the content of a secret store: the properties of each key, as the External Secrets operator finds them.
type stored map[string]map[string]string

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// kubeconfig returns a kubeconfig like those of Cluster API providers, with a user.
func kubeconfig(cluster, user string) string {
	return "apiVersion: v1\nkind: Config\nclusters:\n- name: " + cluster + "\n  cluster:\n    certificate-authority-data: " + b64("the authority") +
		"\n    server: https://" + cluster + ".example.org:6443\ncontexts:\n- name: admin@" + cluster + "\n  context: {cluster: " + cluster +
		", user: admin}\ncurrent-context: admin@" + cluster + "\nusers:\n- name: admin\n  user:\n" + user
}

// secretsManager returns the properties of a JSON object in AWS Secrets Manager: strings unchanged, other values as JSON.
func secretsManager(t *testing.T, text string) map[string]string {
	t.Helper()
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatal(err)
	}
	properties := map[string]string{}
	for key, value := range values {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		properties[key] = text
	}
	return properties
}

// externalSecrets returns the ExternalSecrets in the output of a fleet, by name.
func externalSecrets(t *testing.T, dir string, args ...string) map[string]externalSecret {
	t.Helper()
	found := map[string]externalSecret{}
	for line := range bytes.Lines(printedLines(t, dir, args...)) {
		var kind struct{ Kind string }
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatal(err)
		}
		if kind.Kind != "ExternalSecret" {
			continue
		}
		var secret externalSecret
		if err := json.Unmarshal(line, &secret); err != nil {
			t.Fatal(err)
		}
		found[secret.Metadata.Name] = secret
	}
	if len(found) == 0 {
		t.Fatalf("%s has no ExternalSecret", dir)
	}
	return found
}

// printedLines returns the output of a fleet, one JSON object per line.
func printedLines(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	return repository.Print(t, dir, append([]string{"generate", "-o", "json"}, args...)...)
}

// evaluate evaluates an expression like version 2 of the operator's template engine: Go templates with missingkey=error, the
// functions of sprig that do not read the environment, and some functions of its own, of which fromYaml is used. The engine of
// the operator is in no module that builds together with Argo CD.
func evaluate(text string, values map[string]string) (string, error) {
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	functions["fromYaml"] = func(text string) map[string]any {
		read := map[string]any{}
		if err := yaml.Unmarshal([]byte(text), &read); err != nil {
			read["Error"] = err.Error()
		}
		return read
	}
	parsed, err := template.New("").Option("missingkey=error").Funcs(functions).Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, values)
	return out.String(), err
}

// created returns the Secret that the operator creates, in its order.
func created(secret externalSecret, store stored) (*corev1.Secret, error) {
	values := map[string]string{}
	for _, from := range secret.Spec.DataFrom {
		properties, known := store[from.Extract.Key]
		if !known {
			return nil, fmt.Errorf("the store has no %s", from.Extract.Key)
		}
		maps.Copy(values, properties)
	}
	for _, data := range secret.Spec.Data {
		value, known := store[data.RemoteRef.Key][data.RemoteRef.Property]
		if !known {
			return nil, fmt.Errorf("the store has no %s of %s", data.RemoteRef.Property, data.RemoteRef.Key)
		}
		values[data.SecretKey] = value
	}
	target := secret.Spec.Target
	result := &corev1.Secret{Data: map[string][]byte{}}
	result.Name, result.Namespace = target.Name, secret.Metadata.Namespace
	result.Labels, result.Annotations = map[string]string{}, map[string]string{}
	for _, from := range target.Template.TemplateFrom {
		text, err := evaluate(from.Literal, values)
		if err != nil {
			return nil, err
		}
		if from.Target != "Annotations" {
			return nil, fmt.Errorf("this test cannot create %s", from.Target)
		}
		if err := yaml.Unmarshal([]byte(text), &result.Annotations); err != nil {
			return nil, err
		}
	}
	for key, text := range target.Template.Data {
		value, err := evaluate(text, values)
		if err != nil {
			return nil, err
		}
		result.Data[key] = []byte(value)
	}
	// Labels can contain expressions, too.
	for key, text := range target.Template.Metadata.Labels {
		value, err := evaluate(text, values)
		if err != nil {
			return nil, err
		}
		result.Labels[key] = value
	}
	return result, nil
}

// encoded returns a configuration as Argo CD writes it: null is the same as an empty string.
func encoded(t *testing.T, config v1alpha1.ClusterConfig) string {
	t.Helper()
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestRegistrations creates the Secret of every registration, and verifies that Argo CD reads the cluster from it.
func TestRegistrations(t *testing.T) {
	certificate := "    client-certificate-data: " + b64("the certificate") + "\n    client-key-data: " + b64("the key") + "\n"
	const token = "    token: a.token\n"
	aws := func(cluster, role string) *v1alpha1.AWSAuthConfig {
		return &v1alpha1.AWSAuthConfig{ClusterName: cluster, RoleARN: role}
	}
	authority := v1alpha1.TLSClientConfig{CAData: []byte("the authority")}
	certified := authority
	certified.CertData, certified.KeyData = []byte("the certificate"), []byte("the key")
	for _, test := range []struct {
		name, fleet, secret string
		store               stored
		server              string
		config              v1alpha1.ClusterConfig
		labels, annotations map[string]string
	}{
		{
			"a client certificate", "builtin-argocd-register-capi", "cluster-alice",
			stored{"alice-kubeconfig": {"value": kubeconfig("alice", certificate)}},
			"https://alice.example.org:6443", v1alpha1.ClusterConfig{TLSClientConfig: certified},
			map[string]string{"kubectl-fleet.io/cluster": "alice", "type": "production"}, nil,
		},
		{
			"a token", "builtin-argocd-register-capi", "cluster-bob",
			stored{"bob-kubeconfig": {"value": kubeconfig("bob", token)}},
			"https://bob.example.org:6443", v1alpha1.ClusterConfig{BearerToken: "a.token", TLSClientConfig: authority},
			map[string]string{"kubectl-fleet.io/cluster": "bob", "type": "staging"}, nil,
		},
		{
			// The token is valid for 15 minutes and must not remain in the output.
			"EKS by Cluster API", "builtin-argocd-register-eks", "cluster-alice",
			stored{"alice-kubeconfig": {"value": kubeconfig("alice_alice", token)}},
			"https://alice_alice.example.org:6443",
			v1alpha1.ClusterConfig{AWSAuthConfig: aws("alice_alice", "arn:aws:iam::111122223333:role/argocd"), TLSClientConfig: authority},
			map[string]string{"kubectl-fleet.io/cluster": "alice", "account": "111122223333"}, nil,
		},
		{
			"EKS by Crossplane", "builtin-argocd-register-crossplane", "cluster-alice",
			stored{"alice": {"apiserver-endpoint": "https://1234.eks.example.org", "cluster-ca": b64("the authority"), "value": "unused"}},
			"https://1234.eks.example.org",
			v1alpha1.ClusterConfig{AWSAuthConfig: aws("alice", "arn:aws:iam::111122223333:role/argocd"), TLSClientConfig: authority},
			map[string]string{"kubectl-fleet.io/cluster": "alice"}, nil,
		},
		{
			"AWS Secrets Manager", "builtin-argocd-register-aws-secrets-manager", "cluster-alice",
			stored{"hub/np/alice": secretsManager(t, `{"cluster_name": "alice", "metadata": {"aws_vpc_id": "vpc-1", "aws_region": "eu-west-2"},
				"addons": {"enable_x": "true"}, "server": "https://5678.eks.example.org",
				"config": {"tlsClientConfig": {"insecure": false, "caData": "`+b64("the authority")+`"}, "awsAuthConfig": {"clusterName": "alice", "roleARN": "a-role"}}}`)},
			"https://5678.eks.example.org",
			v1alpha1.ClusterConfig{AWSAuthConfig: aws("alice", "a-role"), TLSClientConfig: authority},
			map[string]string{"kubectl-fleet.io/cluster": "alice", "environment": "np"},
			map[string]string{"aws_vpc_id": "vpc-1", "aws_region": "eu-west-2"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			secret := externalSecrets(t, filepath.Join(root, "testdata/ok", test.fleet, "in"))[test.secret]
			result, err := created(secret, test.store)
			if err != nil {
				t.Fatal(err)
			}
			if result.Namespace != "argocd" || result.Labels["argocd.argoproj.io/secret-type"] != "cluster" {
				t.Errorf("Argo CD does not find %s/%s with the labels %v", result.Namespace, result.Name, result.Labels)
			}
			if keys := slices.Sorted(maps.Keys(result.Data)); !slices.Equal(keys, []string{"config", "name", "server"}) {
				t.Errorf("the Secret has %v", keys)
			}
			cluster, err := db.SecretToCluster(result)
			if err != nil {
				t.Fatalf("%v: %s", err, result.Data["config"])
			}
			if want := strings.TrimPrefix(test.secret, "cluster-"); cluster.Name != want || cluster.Server != test.server {
				t.Errorf("the cluster is %s at %s", cluster.Name, cluster.Server)
			}
			if encoded(t, cluster.Config) != encoded(t, test.config) {
				t.Errorf("the configuration is %+v, not %+v", cluster.Config, test.config)
			}
			if !maps.Equal(cluster.Labels, test.labels) || !maps.Equal(cluster.Annotations, test.annotations) {
				t.Errorf("labels %v, annotations %v", cluster.Labels, cluster.Annotations)
			}
			rest, err := cluster.RawRestConfig()
			if err != nil {
				t.Fatal(err)
			}
			if rest.Host != test.server || !bytes.Equal(rest.CAData, []byte("the authority")) || rest.Insecure {
				t.Errorf("Argo CD would connect to %s", rest.Host)
			}
			if (rest.ExecProvider != nil) != (test.config.AWSAuthConfig != nil) {
				t.Errorf("Argo CD would run %v", rest.ExecProvider)
			}
			// While the credentials do not exist, the operator creates no Secret.
			if _, err := created(secret, stored{}); err == nil {
				t.Error("a Secret is created without data")
			}
		})
	}
}

// TestHostileRoles verifies that a role sets only the role, or that no cluster is registered.
func TestHostileRoles(t *testing.T) {
	roles := []string{
		`x"},"execProviderConfig":{"command":"sh","args":["-c","id"]},"x":{"y":"`, `x","clusterName":"y`, `x"},"tlsClientConfig":{"insecure":true},"x":{"y":"`,
		`\`, `x\`, `\"`, `\\"`, "\u0022", `\u0022},`, `{`, `}}`, "x\ny", "`", `"}}`, `'`, `"`,
	}
	members := map[string]map[string]string{}
	for index, role := range roles {
		members[fmt.Sprintf("m%02d", index)] = map[string]string{"roleARN": role}
	}
	list, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	for _, builtin := range []string{"argocd-register-eks", "argocd-register-crossplane"} {
		dir := repository.New(t, map[string]string{
			"fleet.yaml": "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters: [{list: users.yaml}]\ntemplates: [{file: builtin:" + builtin + "}]\n",
			"users.yaml": string(list),
		})
		read := 0
		for name, secret := range externalSecrets(t, dir) {
			member := strings.TrimPrefix(name, "cluster-")
			result, err := created(secret, stored{
				member + "-kubeconfig": {"value": kubeconfig(member, "    token: t\n")},
				member:                 {"apiserver-endpoint": "https://" + member + ".example.org:6443", "cluster-ca": b64("the authority")},
			})
			if err != nil {
				t.Errorf("%s, %q: %v", builtin, members[member]["roleARN"], err)
				continue
			}
			cluster, err := db.SecretToCluster(result)
			if err != nil {
				continue
			}
			read++
			role := cluster.Config.AWSAuthConfig.RoleARN
			cluster.Config.AWSAuthConfig.RoleARN = ""
			want := v1alpha1.ClusterConfig{
				AWSAuthConfig:   &v1alpha1.AWSAuthConfig{ClusterName: member},
				TLSClientConfig: v1alpha1.TLSClientConfig{CAData: []byte("the authority")},
			}
			if encoded(t, cluster.Config) != encoded(t, want) {
				t.Errorf("%s, %q: %+v with the role %q", builtin, members[member]["roleARN"], cluster.Config, role)
			}
		}
		t.Logf("%s: %d of %d roles create a cluster", builtin, read, len(roles))
		if read == 0 {
			t.Errorf("%s: no role creates a cluster", builtin)
		}
	}
}

// TestTeams verifies that Argo CD accepts a team's project, and uses the repository credentials only for that project.
func TestTeams(t *testing.T) {
	dir := filepath.Join(root, "testdata/ok/builtin-argocd-team-bootstrap/in")
	projects, applications := map[string]v1alpha1.AppProject{}, map[string]v1alpha1.Application{}
	for line := range bytes.Lines(printedLines(t, dir)) {
		var kind struct{ Kind string }
		if err := json.Unmarshal(line, &kind); err != nil {
			t.Fatal(err)
		}
		var err error
		switch kind.Kind {
		case "AppProject":
			var project v1alpha1.AppProject
			err = json.Unmarshal(line, &project)
			projects[project.Name] = project
		case "Application":
			var application v1alpha1.Application
			err = json.Unmarshal(line, &application)
			applications[application.Name] = application
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(projects) != 3 || len(applications) != 3 {
		t.Fatalf("%d projects, %d Applications", len(projects), len(applications))
	}
	for name, project := range projects {
		if err := project.ValidateProject(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	noProject := func(string) ([]*v1alpha1.Cluster, error) { return nil, nil }
	for name, application := range applications {
		for team, project := range projects {
			own := application.Spec.Project == team
			if project.IsSourcePermitted(*application.Spec.Source) != own {
				t.Errorf("the project %s and the repository of %s", team, name)
			}
			cluster := &v1alpha1.Cluster{Name: application.Spec.Destination.Name, Server: "https://" + application.Spec.Destination.Name}
			permitted, err := project.IsDestinationPermitted(cluster, application.Spec.Destination.Namespace, noProject)
			if err != nil || permitted != own {
				t.Errorf("the project %s and the cluster of %s: %v, %v", team, name, permitted, err)
			}
		}
	}

	client := fake.NewClientset()
	for name, secret := range externalSecrets(t, dir) {
		team := strings.TrimPrefix(name, "repo-")
		result, err := created(secret, stored{"infra/shared/" + team + "-repo-credentials": {"username": team, "password": "p{{ x }}\"of " + team}})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Tracker().Add(result); err != nil {
			t.Fatal(err)
		}
	}
	config := &corev1.ConfigMap{}
	config.Name, config.Namespace = "argocd-cm", "argocd"
	config.Labels = map[string]string{"app.kubernetes.io/part-of": "argocd"}
	secret := &corev1.Secret{}
	secret.Name, secret.Namespace, secret.Labels = "argocd-secret", "argocd", config.Labels
	if err := client.Tracker().Add(config); err != nil {
		t.Fatal(err)
	}
	if err := client.Tracker().Add(secret); err != nil {
		t.Fatal(err)
	}
	database := db.NewDB("argocd", settings.NewSettingsManager(t.Context(), client, "argocd"), client)
	for _, team := range []string{"red", "blue", "green"} {
		url := "https://git.example.org/" + team
		repository, err := database.GetRepository(context.Background(), url, team)
		if err != nil || repository.Username != team || repository.Password != "p{{ x }}\"of "+team || repository.Project != team {
			t.Errorf("%s: %+v, %v", team, repository, err)
		}
		if other, err := database.GetRepository(context.Background(), url, "default"); err == nil && other.Password != "" {
			t.Errorf("another project gets the credentials of %s", team)
		}
	}
}
