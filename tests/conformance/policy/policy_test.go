// Package policy evaluates the policy of `kubectl fleet argocd install -o policy` with the API server's admission plugin.
package policy

import (
	"context"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/util/compatibility"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/component-base/featuregate"
	"sigs.k8s.io/yaml"

	"kubectl-fleet.io/conformance/repository"
)

const (
	fleetLabel = "kubectl-fleet.io/cluster"
	confirm    = "kubectl-fleet.io/confirm-deletion"
)

var clusters = schema.GroupVersion{Group: "cluster.x-k8s.io", Version: "v1beta2"}

// TestDeletion judges requests as the API server does.
func TestDeletion(t *testing.T) {
	judge := plugin(t)
	argocd := &user.DefaultInfo{Name: "system:serviceaccount:argocd:argocd-application-controller",
		Groups: []string{"system:serviceaccounts", "system:serviceaccounts:argocd"}}
	flux := &user.DefaultInfo{Name: "system:serviceaccount:flux-system:kustomize-controller"}
	admin := &user.DefaultInfo{Name: "admin", Groups: []string{"system:masters"}}
	capi := &user.DefaultInfo{Name: "system:serviceaccount:capi-system:capi-manager",
		Groups: []string{"system:serviceaccounts", "system:serviceaccounts:capi-system"}}
	namespaces := &user.DefaultInfo{Name: "system:serviceaccount:kube-system:namespace-controller"}
	garbage := &user.DefaultInfo{Name: "system:serviceaccount:kube-system:generic-garbage-collector"}
	other := &user.DefaultInfo{Name: "system:serviceaccount:kube-system:other"}
	mine := map[string]string{fleetLabel: "alice"}
	for _, one := range []struct {
		name        string
		user        user.Info
		labels      map[string]string
		annotations map[string]string
		isDeleting  bool
		request     string
		isRejected  bool
	}{
		{name: "Argo CD", user: argocd, labels: mine, request: "alice", isRejected: true},
		{name: "Flux", user: flux, labels: mine, request: "alice", isRejected: true},
		{name: "kubectl", user: admin, labels: mine, request: "alice", isRejected: true},
		{name: "another controller", user: other, labels: mine, request: "alice", isRejected: true},
		{name: "a collection", user: admin, labels: mine, isRejected: true},
		{name: "a collection, confirmed", user: admin, labels: mine, annotations: map[string]string{confirm: "alice"}},
		{name: "Argo CD, confirmed", user: argocd, labels: mine, annotations: map[string]string{confirm: "alice"}, request: "alice"},
		{name: "confirmed for another", user: argocd, labels: mine, annotations: map[string]string{confirm: "bob"}, request: "alice", isRejected: true},
		{name: "confirmed for all", user: admin, labels: mine, annotations: map[string]string{confirm: "true"}, request: "alice", isRejected: true},
		{name: "other annotations", user: admin, labels: mine, annotations: map[string]string{"a": "alice"}, request: "alice", isRejected: true},
		{name: "deleting", user: argocd, labels: mine, isDeleting: true, request: "alice"},
		{name: "moved by clusterctl", user: admin, labels: mine, annotations: map[string]string{"clusterctl.cluster.x-k8s.io/delete-for-move": ""}, request: "alice"},
		{name: "Cluster API", user: capi, labels: mine, request: "alice"},
		{name: "its namespace", user: namespaces, labels: mine},
		{name: "its owner", user: garbage, labels: mine, request: "alice"},
		{name: "no fleet", user: admin, request: "alice"},
		{name: "other labels", user: admin, labels: map[string]string{"a": "b"}, request: "alice"},
	} {
		err := judge(one.user, one.request, admission.Delete, cluster(one.labels, one.annotations, one.isDeleting))
		if (err != nil) != one.isRejected {
			t.Errorf("%s: %v", one.name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "kubectl annotate cluster.cluster.x-k8s.io -n users alice "+confirm+"=alice") {
			t.Errorf("%s: the message does not say how to confirm: %v", one.name, err)
		}
	}
	// The API server passes no old object for a collection as a whole, and asks again for each object.
	if err := judge(admin, "", admission.Delete, nil); err != nil {
		t.Errorf("a collection as a whole: %v", err)
	}
	if err := judge(admin, "alice", admission.Update, cluster(mine, nil, false)); err != nil {
		t.Errorf("an update: %v", err)
	}
}

func cluster(labels, annotations map[string]string, isDeleting bool) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{}}
	object.SetGroupVersionKind(clusters.WithKind("Cluster"))
	object.SetName("alice")
	object.SetNamespace("users")
	object.SetLabels(labels)
	object.SetAnnotations(annotations)
	if isDeleting {
		now := metav1.NewTime(time.Unix(0, 0))
		object.SetDeletionTimestamp(&now)
	}
	return object
}

type judge func(who user.Info, name string, operation admission.Operation, old *unstructured.Unstructured) error

// plugin returns the admission plugin of the API server, with the printed policy and binding.
func plugin(t *testing.T) judge {
	t.Helper()
	text := repository.Print(t, t.TempDir(), "argocd", "install", "-o", "policy")
	first, second, found := strings.Cut(string(text), "\n---\n")
	if !found {
		t.Fatalf("expected two documents: %s", text)
	}
	policy, binding := &admissionv1.ValidatingAdmissionPolicy{}, &admissionv1.ValidatingAdmissionPolicyBinding{}
	for document, object := range map[string]any{first: policy, second: binding} {
		if err := yaml.UnmarshalStrict([]byte(document), object); err != nil {
			t.Fatal(err)
		}
	}
	// The API server sets these defaults.
	equivalent, scope := admissionv1.Equivalent, admissionv1.AllScopes
	constraints := policy.Spec.MatchConstraints
	constraints.MatchPolicy, constraints.NamespaceSelector = &equivalent, &metav1.LabelSelector{}
	for index := range constraints.ResourceRules {
		constraints.ResourceRules[index].Scope = &scope
	}
	client := fake.NewClientset(policy, binding, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "users"}})
	factory := informers.NewSharedInformerFactory(client, 0)
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{clusters})
	mapper.Add(clusters.WithKind("Cluster"), meta.RESTScopeNamespace)
	plugin, err := validating.NewPlugin(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	dynamic := dynamicfake.NewSimpleDynamicClient(runtime.NewScheme())
	everyone := authorizer.AuthorizerFunc(func(context.Context, authorizer.Attributes) (authorizer.Decision, string, error) {
		return authorizer.DecisionAllow, "", nil
	})
	version := compatibility.DefaultBuildEffectiveVersion()
	initializer.New(client, dynamic, factory, everyone, featuregate.NewFeatureGate(), version, ctx.Done(), mapper).Initialize(plugin)
	if err := plugin.ValidateInitialization(); err != nil {
		t.Fatal(err)
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	if !plugin.WaitForReady() {
		t.Fatal("the plugin is not ready")
	}
	return func(who user.Info, name string, operation admission.Operation, old *unstructured.Unstructured) error {
		var object, former runtime.Object
		if old != nil {
			former = old
		}
		if operation != admission.Delete {
			object = old
		}
		attributes := admission.NewAttributesRecord(object, former, clusters.WithKind("Cluster"), "users", name,
			clusters.WithResource("clusters"), "", operation, &metav1.DeleteOptions{}, false, who)
		interfaces := admission.NewObjectInterfacesFromScheme(runtime.NewScheme())
		return plugin.Validate(ctx, attributes, interfaces)
	}
}
