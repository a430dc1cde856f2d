// Package report opens the pages of `report` in a browser: what they load, how fast they are, and whether a keyboard and
// a screen reader can use them.
package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	logs "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kubectl-fleet.io/conformance/repository"
)

// timeout is the limit of a test. It is generous, because the machine can be busy; the tests measure in the page.
const timeout = 3 * time.Minute

// browser is the path of Chromium.
var browser string

func TestMain(m *testing.M) {
	repository.Binary()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			browser = found
			break
		}
	}
	if browser == "" {
		fmt.Fprintln(os.Stderr, "chromium is missing: install it with the packages of the system")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// Screen is what a reader has.
type Screen struct {
	Width, Height int64
	Dark, Phone   bool
	NoScript      bool
	Print         bool
}

var desktop = Screen{Width: 1280, Height: 900}

// Tab is an open page, and what it did.
type Tab struct {
	context.Context
	t *testing.T

	mutex sync.Mutex
	// Messages are those of the console, exceptions and violations of the policy.
	Messages []string
	// Requests are the URLs that the page loaded, apart from itself.
	Requests []string
}

// open writes a page, and opens it as a file.
func open(t *testing.T, directory string, screen Screen, arguments ...string) *Tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	result := repository.Run(t, directory, append([]string{"report", "-o", "html=" + file}, arguments...)...)
	if result.Code != 0 || result.Stdout != "" {
		t.Fatalf("exit %d\n%.3000s\n%s", result.Code, result.Stderr, result.Stdout)
	}
	return openFile(t, file, screen)
}

func openFile(t *testing.T, file string, screen Screen) *Tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	parent, cancel := context.WithTimeout(context.Background(), timeout)
	t.Cleanup(cancel)
	allocator, cancel := chromedp.NewExecAllocator(parent, options...)
	t.Cleanup(cancel)
	running, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	tab := &Tab{Context: running, t: t}
	if err := chromedp.Listen(running, tab.record("file://"+file)); err != nil {
		t.Fatal(err)
	}
	call(tab, network.Enable, network.EnableParams{})
	call(tab, logs.Enable, cdp.Empty{})
	call(tab, runtime.Enable, cdp.Empty{})
	call(tab, page.Enable, page.EnableParams{})
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}}
	if screen.Dark {
		media.Features[0].Value = "dark"
	}
	if screen.Print {
		media.Media = "print"
	}
	call(tab, emulation.SetEmulatedMedia, media)
	call(tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: screen.Width, Height: screen.Height, DeviceScaleFactor: 1, Mobile: screen.Phone,
	})
	call(tab, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: screen.Phone})
	call(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
	call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: screen.NoScript})
	tab.Do(chromedp.Navigate("file://" + file))
	return tab
}

// call runs a command of the protocol.
func call[P, R any](tab *Tab, command cdp.Command[P, R], parameters P) R {
	tab.t.Helper()
	result, err := chromedp.Call(tab.Context, command, parameters)
	if err != nil {
		tab.t.Fatal(err, tab.Messages)
	}
	return result
}

// watch runs before the page, outside of its policy.
const watch = `
window.violations = [];
document.addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective + ' ' + event.blockedURI));
`

func (tab *Tab) record(self string) func(any) {
	return func(event any) {
		tab.mutex.Lock()
		defer tab.mutex.Unlock()
		switch event := event.(type) {
		case *network.EventRequestWillBeSent:
			if event.Request.URL != self {
				tab.Requests = append(tab.Requests, event.Request.URL)
			}
		case *logs.EventEntryAdded:
			tab.Messages = append(tab.Messages, event.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			tab.Messages = append(tab.Messages, "console."+string(event.Type))
		case *runtime.EventExceptionThrown:
			tab.Messages = append(tab.Messages, event.ExceptionDetails.Text)
		case *page.EventJavascriptDialogOpening:
			tab.Messages = append(tab.Messages, "dialog: "+event.Message)
		}
	}
}

// Do runs actions.
func (tab *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	if err := chromedp.Do(tab.Context, actions...); err != nil {
		tab.t.Fatal(err, tab.Messages)
	}
}

// ask evaluates an expression in the page. A promise is awaited.
func ask[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	answer, err := chromedp.Run(tab.Context, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatal(err, tab.Messages)
	}
	return answer
}

// isQuiet fails if the page wrote to the console, violated its policy or loaded anything.
func (tab *Tab) isQuiet() {
	tab.t.Helper()
	violations := ask[[]string](tab, "window.violations ?? []")
	tab.mutex.Lock()
	defer tab.mutex.Unlock()
	if len(tab.Messages)+len(tab.Requests)+len(violations) > 0 {
		tab.t.Errorf("messages: %q\nrequests: %q\nviolations: %q", tab.Messages, tab.Requests, violations)
	}
}

// screenshot writes a picture into the directory in SCREENSHOTS, if it is set.
func (tab *Tab) screenshot(name string) {
	tab.t.Helper()
	directory := os.Getenv("SCREENSHOTS")
	if directory == "" {
		return
	}
	png, err := chromedp.Run(tab.Context, chromedp.CaptureScreenshot())
	if err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, name+".png"), png, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

func text(tab *Tab, selector string) string {
	tab.t.Helper()
	return strings.TrimSpace(ask[string](tab, fmt.Sprintf("document.querySelector(%q).textContent", selector)))
}

// painted returns the time of the first paint with contents, in milliseconds after the navigation.
func painted(tab *Tab) float64 {
	tab.t.Helper()
	return ask[float64](tab, `new Promise(done => {
		const look = () => {
			const [entry] = performance.getEntriesByName('first-contentful-paint');
			if (entry) done(entry.startTime); else setTimeout(look, 10);
		};
		look();
	})`)
}
