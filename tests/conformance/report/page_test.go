package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kubectl-fleet.io/conformance/repository"
)

const clusters = 10_000

// large returns a fleet of 10,000 clusters in three rings, with ten add-ons. Its stable ring has this version of kyverno.
func large(kyverno string) map[string]string {
	files := map[string]string{}
	var addons, members strings.Builder
	names := []string{"cert-manager", "cilium", "external-dns", "gpu-operator", "ingress-nginx", "kyverno", "loki", "policies", "prometheus", "velero"}
	for at, name := range names {
		selector := "all"
		switch at % 4 {
		case 2:
			selector = "{matchLabels: {ring: stable}}"
		case 3:
			selector = "{matchExpressions: [{key: team, operator: In, values: [team-1, team-2]}]}"
		}
		fmt.Fprintf(&addons, "- name: %s\n  selector: %s\n", name, selector)
		if name == "kyverno" || name == "ingress-nginx" {
			addons.WriteString("  dependsOn: [cert-manager]\n")
		}
		fmt.Fprintf(&addons, "  helm: {repo: https://charts.example.com, chart: %s, version: \"${%s}\", namespace: %s, values: {replicas: 1, nodes: {a: 1, b: 2}}}\n",
			name, strings.ReplaceAll(name, "-", "_"), name)
	}
	files["fleet.yaml"] = `apiVersion: kubectl-fleet.io/v1alpha1
kind: Fleet
metadata: {name: large}
clusters:
- list: clusters.yaml
  fields: {ring: {enum: [canary, early, stable]}, team: {type: string}}
  variablesFrom: ["rings/${ring}.yaml"]
  labels: {ring: "${ring}", team: "${team}"}
templates: [{file: "builtin:docker"}]
layers: ["values/${ring}.yaml", "values/${CLUSTER_NAME}.yaml"]
safety: {budgets: {output: 1GiB}}
addons:
` + addons.String() + "deliver: sveltos\n"
	for at := range clusters {
		ring := []string{"canary", "early", "stable", "stable", "stable"}[at*7%5]
		fmt.Fprintf(&members, "prod-%05d: {ring: %s, team: team-%d}\n", at, ring, at%20)
	}
	files["clusters.yaml"] = members.String()
	for at, ring := range []string{"stable", "early", "canary"} {
		var versions strings.Builder
		for _, name := range names {
			version := fmt.Sprintf("1.%d.0", 10+at)
			if name == "kyverno" && ring == "stable" {
				version = kyverno
			}
			fmt.Fprintf(&versions, "%s: %s\n", strings.ReplaceAll(name, "-", "_"), version)
		}
		files["rings/"+ring+".yaml"] = versions.String()
		files["values/"+ring+".yaml"] = fmt.Sprintf("replicas: %d\n", at+1)
	}
	files["values/prod-00002.yaml"] = "replicas: 9\n"
	return files
}

// busy returns the time that the main thread has worked, in milliseconds.
func busy(tab *Tab) float64 {
	tab.t.Helper()
	for _, metric := range call(tab, performance.GetMetrics, cdp.Empty{}).Metrics {
		if metric.Name == "TaskDuration" {
			return metric.Value * 1000
		}
	}
	tab.t.Fatal("the browser does not measure tasks")
	return 0
}

// small returns the fleet of the documentation.
func small(t *testing.T) string {
	t.Helper()
	return filepath.Join(repository.Root, "testdata/matrix/rings/head")
}

func TestLargeFleetIsFastAndQuiet(t *testing.T) {
	tab := open(t, repository.New(t, large("3.3.4")), desktop)
	if at := painted(tab); at > 2000 {
		t.Errorf("the first paint after %.0f ms", at)
	}
	// The rows must be there with the first paint, not later.
	if rows := ask[int](tab, "document.querySelectorAll('#grid tbody tr[aria-rowindex]').length"); rows < 10 || rows > 100 {
		t.Errorf("%d rows are in the document", rows)
	}
	if shown := text(tab, "#count"); shown != "10,000 clusters" {
		t.Errorf("the page shows %q", shown)
	}
	call(tab, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	var slowest float64
	for _, group := range []string{"", "label:ring"} {
		ask[bool](tab, fmt.Sprintf(`(() => { const group = document.getElementById('group'); group.value = %q; group.dispatchEvent(new Event('change')); return true; })()`, group))
		for _, key := range strings.Split("team=team-7 kyverno@3 -ring=early", "") {
			before := busy(tab)
			took := ask[float64](tab, fmt.Sprintf(`new Promise(done => {
				const filter = document.getElementById('filter'), start = performance.now();
				filter.value += %q;
				filter.dispatchEvent(new Event('input'));
				document.getElementById('viewport').offsetHeight;
				requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
			})`, key))
			slowest = max(slowest, took)
			// The time of the main thread: other programs of the machine do not count.
			if used := busy(tab) - before; used > 200 {
				t.Errorf("the key %q took %.0f ms, grouped by %q", key, used, group)
			}
		}
		if shown := text(tab, "#count"); shown != "500 of 10,000 clusters" {
			t.Errorf("the page shows %q", shown)
		}
		ask[bool](tab, `(() => { const filter = document.getElementById('filter'); filter.value = ''; filter.dispatchEvent(new Event('input')); return true; })()`)
	}
	t.Logf("the slowest key took %.0f ms, with other programs", slowest)
	tab.isQuiet()
	tab.screenshot("large")
}

func TestChangedCellsAreMarked(t *testing.T) {
	base := repository.New(t, large("3.3.4"))
	tab := open(t, repository.New(t, large("3.4.0")), desktop, "--base", base)
	if at := painted(tab); at > 2000 {
		t.Errorf("the first paint after %.0f ms", at)
	}
	if shown := text(tab, "#count"); shown != "6,000 of 10,000 clusters" {
		t.Errorf("the page shows %q", shown)
	}
	cell := text(tab, "#grid td.version")
	if !strings.Contains(cell, "3.3.4") || !strings.Contains(cell, "3.4.0") || !strings.Contains(cell, "changed from") {
		t.Errorf("a changed cell is %q", cell)
	}
	if cause := text(tab, "#changes .card .line"); !strings.Contains(cause, "rings/stable.yaml:6") {
		t.Errorf("the cause is %q", cause)
	}
	tab.isQuiet()
	tab.screenshot("changed")
}

func TestDangersComeFirst(t *testing.T) {
	tab := open(t, small(t), desktop, "--base", filepath.Join(filepath.Dir(small(t)), "base"))
	first := text(tab, "#changes .cards > .card")
	if !strings.Contains(first, "⚠") || !strings.Contains(first, "cow") {
		t.Errorf("the first change is %q", first)
	}
	if tag := text(tab, "#grid tr.removed th .tag"); tag != "removed" {
		t.Errorf("the removed cluster is marked %q", tag)
	}
	tab.isQuiet()
	tab.screenshot("dangers")
}

func TestKeyboard(t *testing.T) {
	tab := open(t, repository.New(t, large("3.3.4")), desktop)
	focused := func(expected string) {
		t.Helper()
		if found := ask[string](tab, "document.activeElement.id"); found != expected {
			t.Fatalf("the focus is on %q, not on %q", found, expected)
		}
	}
	at := func(expected string) {
		t.Helper()
		focused("grid")
		found := ask[string](tab, "document.getElementById('grid').getAttribute('aria-activedescendant')")
		if found != expected {
			t.Fatalf("the active cell is %q, not %q", found, expected)
		}
		isInView := ask[bool](tab, `(() => {
			const cell = document.querySelector('#grid .active').getBoundingClientRect();
			const view = document.getElementById('viewport').getBoundingClientRect();
			return cell.top >= view.top && cell.bottom <= view.bottom + 1 && cell.left >= view.left && cell.left < view.right;
		})()`)
		if !isInView {
			t.Fatalf("the cell %q is not in view", found)
		}
	}
	ask[bool](tab, "(document.getElementById('filter').focus(), true)")
	for _, id := range []string{"group", "sort"} {
		tab.Do(chromedp.KeyEvent(kb.Tab))
		focused(id)
	}
	tab.Do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab))
	focused("grid")
	for _, step := range []struct {
		keys, cell string
	}{
		{kb.ArrowDown + kb.ArrowDown, "cell-2-0"},
		{kb.ArrowRight + kb.ArrowRight + kb.ArrowRight, "cell-2-3"},
		{kb.End, "cell-2-12"},
		{kb.Home, "cell-2-0"},
		{kb.ArrowUp + kb.ArrowUp + kb.ArrowUp + kb.ArrowUp, "cell--1-0"},
		{kb.ArrowDown, "cell-0-0"},
	} {
		for _, key := range step.keys {
			tab.Do(chromedp.KeyEvent(string(key)))
		}
		at(step.cell)
	}
	tab.Do(chromedp.KeyEvent(kb.End, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	at("cell-9999-12")
	tab.Do(chromedp.KeyEvent(kb.Home, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	at("cell-0-0")
	tab.Do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	if title := text(tab, "#explanation-title"); title != "cert-manager on prod-00000" {
		t.Errorf("the explanation is about %q", title)
	}
	if !ask[bool](tab, "document.getElementById('explanation').contains(document.activeElement)") {
		t.Error("the focus is not in the explanation")
	}
	tab.Do(chromedp.KeyEvent(kb.Escape))
	at("cell-0-3")
	tab.Do(chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(kb.Enter))
	if sorted := ask[string](tab, "document.querySelector('#grid [aria-sort=ascending]').textContent"); !strings.HasPrefix(sorted, "cert-manager") {
		t.Errorf("the matrix is sorted by %q", sorted)
	}
	tab.Do(chromedp.KeyEvent(kb.Enter))
	if sorted := text(tab, "#grid [aria-sort=descending]"); !strings.HasPrefix(sorted, "cert-manager") {
		t.Errorf("the matrix is sorted by %q", sorted)
	}
	tab.isQuiet()
}

func TestCellsExplainThemselves(t *testing.T) {
	tab := open(t, repository.New(t, large("3.3.4")), desktop)
	explanation := func(row, column int) string {
		ask[bool](tab, fmt.Sprintf("(document.getElementById('explanation').close(), document.getElementById('cell-%d-%d').click(), true)", row, column))
		return text(tab, "#explanation")
	}
	// The columns are the name, two labels, and the add-ons by name; prod-00002 has its own layer.
	for _, explained := range []struct {
		row, column int
		parts       []string
	}{
		{2, 8, []string{"kyverno on prod-00002", "3.3.4", "rings/stable.yaml:6", "values/prod-00002.yaml", "replicas: 9", "values/stable.yaml:1", "kubectl fleet explain prod-00002/kyverno"}},
		{1, 8, []string{"not found", "values/${CLUSTER_NAME}.yaml"}},
		{0, 6, []string{"gpu-operator on prod-00000", "not installed", "team in (team-1,team-2)", "the cluster has team=team-0"}},
		{0, 0, []string{"ring=canary", "clusters.yaml:1", "cert-manager"}},
	} {
		found := explanation(explained.row, explained.column)
		for _, part := range explained.parts {
			if !strings.Contains(found, part) {
				t.Errorf("row %d, column %d: no %q in %q", explained.row, explained.column, part, found)
			}
		}
	}
	tab.isQuiet()
	tab.screenshot("explanation")
}
