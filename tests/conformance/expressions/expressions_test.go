// Package expressions compares the values of `${…}` with those of clusterctl.
package expressions

import (
	"math/rand/v2"
	"strings"
	"testing"
)

const (
	// generated is the number of strings that are generated in addition to the fixed ones.
	generated = 600
	// fewest is the minimum number of strings with equal values.
	fewest = 400
)

// odd are strings that are often evaluated incorrectly.
var odd = []string{
	"$A", "$(A)", "$", "$$", "$$$", "$$$$A", "$${A}", "$$${A}", "$$$${A}", "{{ ds.meta_data }}", "a}b", "${A}0", "-${A}",
	"${A}${V}", "${ A }", "${A }", "${ A}", "${\tA\t}", "$${ A }", "$$${ A }", "${ X }", "${ A:=d }", "${A :=d}", "${}", "${ }",
	"${", "${A", "${A:", "${A-d}", "${A+d}", "${A?d}", "${A.}", "${A.b}", "${A.b:=d}", "${.b}", "${A-B}", "${1}", "${_}", "${A!}",
	"${E}", "${X}", "${X:=}", "${E:=}", "${X:=\"\"}", "${X:=''}", "${X:= }", "${X=d}", "${X==d}", "${X:==d}", "${X:-d}", "${A:-d}",
	"${X:?d}", "${A:?d}", "${E:+d}", "${A:+d}", "${X:=a b}", "${X:=a: b}", "${X:=[]}", "${X:={}}", "${A:={}}", "${X:=$A}",
	"${X:=a$$b}", "${X:=$${A}}", "${X:=\\}", "${X:=\\}}", "${X:=\\/}", "${X:=a/b}", "${X:=${A}}", "${X:=${Y}}", "${A:=${Y}}",
	"${X:=${Y:=d}}", "${X:=a${A}b${V}c}", "${X:={{ ds.x }}}", "${X:=\"${A}\"}", "${X:=${ A }}", "${X:=d", "${X:=${A}",
	"${#A}", "${#E}", "${#U}", "${#X}", "${#}", "${##A}", "${#A:1}", "${# A}", "${#A.b}",
	"${A^}", "${A^^}", "${A,}", "${A,,}", "${U^^}", "${U,,}", "${U,}", "${E^}", "${A^,}", "${A,^}", "${A^^^}", "${A^a}",
	"${V:1}", "${V:1:4}", "${V:0:0}", "${V:99}", "${V:99:1}", "${V:1:99}", "${V:}", "${V::}", "${V::2}", "${V:1:}", "${V:1::2}",
	"${V:1:2:3}", "${V:x}", "${V:1:x}", "${V: 1}", "${V: -3}", "${V:-3}", "${V:1:-1}", "${V:99:-1}", "${V:${N}}", "${V:${M}}",
	"${V:${M}:1}", "${V:${E}}", "${V:${N}:${N}}", "${V:1${N}}", "${V:${N}1}", "${V:+1}", "${V:1:+1}", "${V:99999999999999999999}",
	"${V:1:9223372036854775807}", "${U:1}", "${U:0:1}", "${A:=${V:1:-1}}", "${A:=${V:0:${M}}}",
	"${V#v}", "${V#*.}", "${V##*.}", "${V%.*}", "${V%%.*}", "${V#*}", "${V##*}", "${V%*}", "${V%%*}", "${V#?}", "${V%?}", "${V#}",
	"${V##}", "${V###}", "${V%}", "${V%%%}", "${V#x}", "${V#[a-z]}", "${V##[^0-9]}", "${V#[v}", "${V#[]}", "${V#\\v}", "${V#\\}",
	"${V%[0-9]}", "${V%\\0}", "${V%]}", "${S#a\\*}", "${S#${S}}", "${S%${G}}", "${V#${E}}", "${V%${X}}", "${V#v${N}}", "${U#?}", "${U%?}",
	"${P##*/}", "${P%/*}", "${P#/*/}", "${V#$A}", "${V#$%:*{}", "${V%" + strings.Repeat("x", 300) + "}",
	"${R/X/-}", "${R//X/-}", "${R/X/}", "${R//X/}", "${R/#a/-}", "${R/#X/-}", "${R/%b/-}", "${R/%X/-}", "${R/#a/}", "${R/%b/}",
	"${R/X}", "${R/X", "${R//}", "${R///X/-}", "${R/X//-}", "${R/X///}", "${R/a}b/c}", "${R/*/-}", "${V//./\\.}", "${V//./\\\\.}",
	"${P//\\//-}", "${P////-}", "${B//\\\\/-}", "${B//\\/-}", "${R/X/\\}", "${R/X/\\/}", "${R/X/$$}", "${R/X/$${A}}", "${R/X/$A}",
	"${R/${X}/a}", "${R/${E}/a}", "${R//${E}/a}", "${R/X/${A}}", "${R/X/${A}a}", "${R/X/a${A}}", "${R/a${A}/b}", "${R/X/${Y}}",
	"${R/X/a}}", "${X/a/b}", "${T}", "${T//\"/'}", "${U//ö/oe}",
	strings.Repeat("${X:=", 64) + "d" + strings.Repeat("}", 64), strings.Repeat("${X:=", 65) + "d" + strings.Repeat("}", 65),
}

func TestExpressionsMatchClusterctl(t *testing.T) {
	ours := newFleet(t)
	texts := odd
	for g := (generator{rand.New(rand.NewPCG(1, 2))}); len(texts) < len(odd)+generated; {
		if text := g.text(); carried(text) {
			texts = append(texts, text)
		}
	}
	values, rejected, needed := 0, 0, map[string]int{}
	for _, text := range texts {
		theirs, ours := clusterctl(text), ours.evaluate(t, text)
		difference := compare(theirs, ours)
		if difference == none {
			if theirs.rejected {
				rejected++
			} else {
				values++
			}
			continue
		}
		if exception := find(difference, text); exception != "" {
			needed[exception]++
			continue
		}
		t.Errorf("%q: %s\nclusterctl: %v\nours:       %v", text, difference, theirs, ours)
	}
	for _, exception := range exceptions {
		if needed[exception.name] == 0 {
			t.Errorf("no string needs the exception: %s", exception.name)
		}
		t.Logf("%d of: %s", needed[exception.name], exception.name)
	}
	if values < fewest {
		t.Errorf("%d strings have the same value, expected %d", values, fewest)
	}
	t.Logf("%d strings, %d of them generated: %d have the same value, %d are rejected by both", len(texts), generated, values, rejected)
}
