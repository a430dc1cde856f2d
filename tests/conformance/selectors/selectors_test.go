// Package selectors compares the clusters that a selector matches with Kubernetes.
package selectors

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/labels"
)

const (
	// fleets is the number of rendered fleets, each with the same number of templates and selectors.
	fleets, size, clusters = 4, 250, 40
	// fewest is the minimum number of selectors that both accept and that match some clusters but not all.
	fewest = 500
)

// exception is a selector that Kubernetes accepts and kubectl-fleet rejects.
type exception struct {
	reason string
	covers func(labels.Selector) bool
}

var exceptions = []exception{
	{"an empty selector matches everything for some tools and nothing for others", labels.Selector.Empty},
	{"a selector that no labels can satisfy is an error", isContradiction},
}

func TestSelectorsMatchKubernetes(t *testing.T) {
	needed, codes := map[string]int{}, map[string]int{}
	refusedByBoth, agreed, telling, matches := 0, 0, 0, 0
	for seed := range uint64(fleets) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		f := fleet{clusters: g.clusters(clusters)}
		for range size {
			f.selectors = append(f.selectors, g.selector(f.clusters))
		}
		rejected := f.rejected(t)
		without := map[int]bool{}
		for index, of := range rejected {
			without[index] = true
			for _, code := range of {
				codes[code]++
			}
		}
		selected := f.selected(t, without)
		for index, written := range f.selectors {
			selector, err := kubernetes(written)
			switch {
			case err != nil && without[index]:
				refusedByBoth++
				continue
			case err != nil:
				t.Errorf("%v: rejected only by Kubernetes: %v", written, err)
				continue
			case without[index]:
				if reason := find(selector); reason != "" {
					needed[reason]++
				} else {
					t.Errorf("%v: rejected only by kubectl-fleet: %v", written, rejected[index])
				}
				continue
			}
			if reason := find(selector); reason != "" {
				t.Errorf("%v is not rejected: %s", written, reason)
			}
			want := map[int]bool{}
			for cluster, labelled := range f.clusters {
				if selector.Matches(labels.Set(labelled)) {
					want[cluster] = true
				}
			}
			if !maps.Equal(selected[index], want) {
				t.Errorf("%v: matches %v, not %v", written, numbers(selected[index]), numbers(want))
			}
			agreed++
			matches += len(want)
			if len(want) > 0 && len(want) < clusters {
				telling++
			}
		}
	}
	for _, exception := range exceptions {
		if needed[exception.reason] == 0 {
			t.Errorf("no selector needs the exception: %s", exception.reason)
		}
	}
	if telling < fewest || refusedByBoth == 0 {
		t.Errorf("%d selectors match some clusters but not all, expected %d; %d are rejected", telling, fewest, refusedByBoth)
	}
	t.Logf("%d selectors: %d accepted by both, of which %d match some of %d clusters but not all; %d matches",
		fleets*size, agreed, telling, clusters, matches)
	t.Logf("%d rejected by both (%v); rejected only by kubectl-fleet: %v", refusedByBoth, codes, needed)
}

func find(selector labels.Selector) string {
	for _, exception := range exceptions {
		if exception.covers(selector) {
			return exception.reason
		}
	}
	return ""
}

func numbers(clusters map[int]bool) []int { return slices.Sorted(maps.Keys(clusters)) }
