package providers

import "strings"

// hasRandomTopology reports whether only the values of variables of a ClusterClass are rejected. They are random here, and the
// webhook of Cluster API rejects them, too.
func hasRandomTopology(err error) bool {
	if err == nil {
		return false
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		if _, message, is := strings.Cut(line, "error["); is && strings.Contains(message, "]: ") && !strings.Contains(message, "of this topology") {
			return false
		}
	}
	return strings.Contains(err.Error(), "of this topology")
}
