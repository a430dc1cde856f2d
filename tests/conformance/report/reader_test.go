package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"

	"kubectl-fleet.io/conformance/repository"
)

// accessible returns the names of the nodes of each role, as a screen reader gets them.
func accessible(tab *Tab) map[string][]string {
	tree := call(tab, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	found := map[string][]string{}
	unquote := func(value *accessibility.Value) string {
		if value == nil {
			return ""
		}
		return strings.Trim(string(value.Value), `"`)
	}
	for _, node := range tree.Nodes {
		if !node.Ignored {
			role := unquote(node.Role)
			found[role] = append(found[role], unquote(node.Name))
		}
	}
	return found
}

func TestScreenReader(t *testing.T) {
	tab := open(t, small(t), desktop, "--base", filepath.Join(filepath.Dir(small(t)), "base"))
	found := accessible(tab)
	for role, names := range map[string][]string{
		"grid":         {"Matrix"},
		"columnheader": {"cart", "certificates", "search"},
		"rowheader":    {"bee", "cow"},
		"searchbox":    {"Filter"},
		"combobox":     {"Group by", "Sort by"},
		"checkbox":     {"Only changes"},
		"navigation":   {"Sections"},
		"heading":      {"Fleet shop", "Changes", "Matrix", "Add-ons", "Dependencies", "Cells", "Warnings"},
		"image":        {"Dependencies of add-ons; the list below has the same content"},
	} {
		for _, name := range names {
			has := func(one string) bool { return strings.HasPrefix(one, name) }
			if !slices.ContainsFunc(found[role], has) {
				t.Errorf("no %s %q: %q", role, name, found[role])
			}
		}
	}
	for _, role := range []string{"main", "banner", "contentinfo", "status"} {
		if len(found[role]) != 1 {
			t.Errorf("%d nodes have the role %s", len(found[role]), role)
		}
	}
	for _, role := range []string{"button", "checkbox", "combobox", "searchbox", "link", "columnheader", "rowheader", "region"} {
		if slices.Contains(found[role], "") {
			t.Errorf("a %s has no name", role)
		}
	}
	changed := func(name string) bool {
		return strings.Contains(name, "changed from") && strings.Contains(name, "1.4.0")
	}
	if !slices.ContainsFunc(found["gridcell"], changed) {
		t.Errorf("no cell states its change: %q", found["gridcell"])
	}
	counts := ask[[]string](tab, `['aria-rowcount', 'aria-colcount'].map(name => document.getElementById('grid').getAttribute(name))`)
	if counts[0] != "4" || counts[1] == "0" {
		t.Errorf("the grid has %v rows and columns", counts)
	}
}

// contrasts returns texts whose contrast is too low, by the formula of WCAG 2: 4.5, or 3 for large text.
const contrasts = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
	const over = (colors) => {
		canvas.clearRect(0, 0, 1, 1);
		for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
		return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
	};
	const luminance = rgb => rgb.map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
		.reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
	const low = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement;
		if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('.spoken, .skip, script, option, dialog:not([open])')) continue;
		const behind = [];
		for (let one = element; one; one = one.parentElement) behind.unshift(getComputedStyle(one).backgroundColor);
		const style = getComputedStyle(element);
		const color = element.closest('svg') ? style.fill : style.color;
		const background = over(['white', ...behind]);
		const [light, dark] = [luminance(background), luminance(over([` + "`rgb(${background})`" + `, color]))].sort((a, b) => b - a);
		const ratio = (light + 0.05) / (dark + 0.05);
		const isLarge = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
		if (ratio < (isLarge ? 3 : 4.5)) low.add(ratio.toFixed(2) + ' ' + element.className + ' ' + walker.currentNode.data.slice(0, 30));
	}
	return [...low];
})()`

func TestContrastAndWidth(t *testing.T) {
	for _, screen := range []Screen{
		desktop,
		{Width: 1280, Height: 900, Dark: true},
		{Width: 360, Height: 740, Phone: true},
		{Width: 360, Height: 740, Phone: true, Dark: true},
	} {
		name := fmt.Sprintf("%d-dark-%t", screen.Width, screen.Dark)
		t.Run(name, func(t *testing.T) {
			tab := open(t, small(t), screen, "--base", filepath.Join(filepath.Dir(small(t)), "base"))
			tab.screenshot("top-" + name)
			check := func(part string) {
				t.Helper()
				if low := ask[[]string](tab, contrasts); len(low) > 0 {
					t.Errorf("%s: the contrast is too low: %q", part, low)
				}
				width := ask[[]int](tab, "[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
				if width[0] > width[1] {
					t.Errorf("%s: the page is %d pixels wide, the screen %d", part, width[0], width[1])
				}
			}
			check("page")
			ask[bool](tab, "(document.getElementById('matrix').scrollIntoView(), true)")
			tab.screenshot("matrix-" + name)
			ask[bool](tab, "(document.querySelector('#grid td.version').click(), true)")
			ask[bool](tab, "new Promise(done => setTimeout(() => done(true), 400))")
			check("explanation")
			tab.screenshot("explanation-" + name)
			width := ask[[]int](tab, "(dialog => [dialog.scrollWidth, dialog.clientWidth])(document.getElementById('explanation'))")
			if width[0] > width[1] {
				t.Errorf("the explanation is %d pixels wide, its window %d", width[0], width[1])
			}
			ask[bool](tab, "(document.getElementById('explanation').close(), document.getElementById('dependencies').scrollIntoView(), true)")
			tab.screenshot("dependencies-" + name)
			tab.isQuiet()
		})
	}
}

func TestSummaryWithoutScriptAndInPrint(t *testing.T) {
	for name, screen := range map[string]Screen{
		"no-script": {Width: 1280, Height: 900, NoScript: true},
		"print":     {Width: 1280, Height: 900, Print: true},
	} {
		tab := open(t, small(t), screen)
		tab.screenshot(name)
		shown := ask[string](tab, "document.body.innerText")
		for _, part := range []string{"summary", "certificates", "2.0.0", "delivery method argocd"} {
			part = strings.TrimPrefix(part, "delivery method ")
			if !strings.Contains(shown, part) {
				t.Errorf("%s: no %q in %q", name, part, shown)
			}
		}
		if ask[bool](tab, "document.getElementById('viewport').checkVisibility()") {
			t.Errorf("%s: the matrix is visible", name)
		}
		tab.isQuiet()
	}
}

func TestEmptyFleet(t *testing.T) {
	tab := open(t, repository.New(t, map[string]string{
		"fleet.yaml":    "apiVersion: kubectl-fleet.io/v1alpha1\nkind: Fleet\nclusters:\n- list: clusters.yaml\n  fields: {}\ntemplates: [{file: \"builtin:docker\"}]\n",
		"clusters.yaml": "only: {}\n",
	}), desktop)
	for _, part := range []string{"The fleet has no add-ons.", "No add-on depends on another one.", "No warnings."} {
		if shown := ask[string](tab, "document.body.innerText"); !strings.Contains(shown, part) {
			t.Errorf("no %q in %q", part, shown)
		}
	}
	ask[bool](tab, "(document.getElementById('filter').value = 'nothing', document.getElementById('filter').dispatchEvent(new Event('input')))")
	if shown := text(tab, "#none"); !ask[bool](tab, "document.getElementById('none').checkVisibility()") {
		t.Errorf("%q is not visible", shown)
	}
	tab.isQuiet()
	tab.screenshot("empty")
}

// Names and values that are markup, scripts or controls in some reader; secrets contain `canary-in`.
func TestHostileTextIsInert(t *testing.T) {
	tab := open(t, small(t), desktop, "--base", filepath.Join(filepath.Dir(small(t)), "base"))
	cells := ask[int](tab, "document.querySelectorAll('#grid tbody [data-column]').length")
	for index := range cells {
		ask[bool](tab, fmt.Sprintf(`(() => {
			document.getElementById('explanation').close();
			const cell = document.querySelectorAll('#grid tbody [data-column]')[%d];
			cell.click();
			return true;
		})()`, index))
		page := ask[string](tab, "document.documentElement.outerHTML + document.body.innerText")
		for _, part := range []string{"canary-in", "\u202e", "<img", "<b>|key", "<i>|"} {
			if strings.Contains(page, part) && !strings.HasPrefix(part, "<") || ask[int](tab, "document.querySelectorAll('img, i, b').length") > 0 {
				t.Fatalf("cell %d: %q is in the page", index, part)
			}
		}
	}
	shown := ask[string](tab, `(() => {
		document.getElementById('explanation').close();
		const search = [...document.querySelectorAll('#grid thead th')].findIndex(cell => cell.textContent.startsWith('search'));
		document.getElementById('cell-0-' + search).click();
		return document.getElementById('explanation').innerText;
	})()`)
	for _, part := range []string{"</script><img src=x onerror=alert(1)>\\u{202e}", "canary <i>|`\\u{202e}"} {
		if !strings.Contains(shown, part) {
			t.Errorf("no %q in %q", part, shown)
		}
	}
	tab.isQuiet()
}
