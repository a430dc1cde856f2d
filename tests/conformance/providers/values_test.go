package providers

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// value is the value of a variable: in a list, and as a string for clusterctl.
type value struct {
	listed any
	text   string
}

func plain(text string) value { return value{text, text} }

// kinds are possible scalars, with a number that few other variables have. Many are a number, a boolean or a null to the parser
// of Kubernetes and a string to others, or the other way round.
var kinds = []func(n int) value{
	func(n int) value { return plain(fmt.Sprintf("text-%d", n)) },
	func(n int) value { return plain(fmt.Sprintf("v1.%d.0-rc.1+build.%d", n%40, n)) },
	func(n int) value { return plain(fmt.Sprint(n)) },
	func(n int) value { return value{n, fmt.Sprint(n)} },
	func(n int) value { return plain(fmt.Sprintf("10.%d.%d.0/%d", n%256, n/256%256, 8+n%25)) },
	func(n int) value { return plain([]string{"true", "false", "True", "FALSE"}[n%4]) },
	func(n int) value { return value{n%2 == 0, fmt.Sprint(n%2 == 0)} },
	func(n int) value { return plain([]string{"yes", "No", "on", "OFF", "y", "N"}[n%6]) },
	func(n int) value { return plain([]string{"null", "~", "Null", "none"}[n%4]) },
	func(n int) value { return plain(fmt.Sprintf("1.%d0", n)) },
	func(n int) value { return plain(fmt.Sprintf("0%o", n)) },
	func(n int) value { return plain(fmt.Sprintf("0%d8", n)) },
	func(n int) value { return plain(fmt.Sprintf("0x%x", n)) },
	func(n int) value { return plain(fmt.Sprintf("%de2", n)) },
	func(n int) value { return plain(fmt.Sprintf("-%d.5", n)) },
	func(n int) value { return plain(fmt.Sprintf("%d_000", n)) },
	func(n int) value { return plain(fmt.Sprintf("2%03d-01-02", n%1000)) },
	func(n int) value { return plain(fmt.Sprintf("%012d", n)) },
	func(n int) value { return plain(fmt.Sprintf("arn:aws:iam::%d:role/nodes.%d", n, n)) },
	func(n int) value { return plain(fmt.Sprintf("a few words %d", n)) },
	func(n int) value { return plain(fmt.Sprintf("/subscriptions/%d/x=%d&y", n, n)) },
	func(n int) value { return plain(fmt.Sprintf("Größe-%d", n)) },
	func(n int) value { return plain(fmt.Sprintf("%dGi", n)) },
	func(n int) value { return plain(fmt.Sprintf("fd%02x::/%d", n%256, 48+n%64)) },
	func(n int) value { return plain(fmt.Sprintf("%d:%02d", n%20+1, n%60)) },
	func(int) value { return plain("") },
}

// valueOf returns the value of a variable for one of the clusters of a template, and its kind, or nothing if the default must
// remain.
func valueOf(template, name string, variable *variable, cluster int) (value, string) {
	seed := fnv.New32a()
	fmt.Fprint(seed, template, "\n", name)
	start := int(seed.Sum32() % 10_000)
	number := start + cluster
	switch {
	case !variable.required && number%clusters == 0:
		return value{}, ""
	case strings.HasPrefix(variable.example, "["):
		listed := []any{fmt.Sprintf("10.%d.0.0/16", number%256), fmt.Sprintf("fd%02x::/48", number%256)}
		text, _ := json.Marshal(listed)
		return value{listed, string(text)}, "list"
	// kubectl-fleet validates the same fields as the webhooks of Cluster API.
	case strings.Contains(name, "KUBERNETES_VERSION"):
		return plain(fmt.Sprintf("v1.%d.%d", number%40, number)), "version"
	case strings.Contains(name, "CIDR"):
		return plain(fmt.Sprintf("10.%d.0.0/16", number%256)), "network"
	case strings.Contains(name, "MACHINE_COUNT"):
		odd := 2*number + 1
		return value{odd, fmt.Sprint(odd)}, "count"
	case strings.Contains(name, "_MAX_"):
		return plain(fmt.Sprintf("%d%%", number%100)), "percentage"
	case variable.inName:
		return plain(fmt.Sprintf("%.10s-%d", strings.ToLower(strings.ReplaceAll(name, "_", "-")), number)), "name"
	}
	for kind := start/clusters + 5*cluster; ; kind++ {
		kind := kind % len(kinds)
		value := kinds[kind](number)
		// An empty value counts as missing.
		isMissing := variable.required && value.text == ""
		if !isMissing && !(variable.inLabel && len(validation.IsValidLabelValue(value.text)) > 0) {
			return value, fmt.Sprint(kind)
		}
	}
}
