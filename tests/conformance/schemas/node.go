package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// node is the schema of a value, as in nodes.txt. Members that are not set restrict nothing, except that a mapping without
// further and unknown fields has only the fields in properties: {} is a value without any field.
//
// A field that is null and whose schema is not nullable is absent, as for the API server. Required fields are those that have
// no default. An integer has at most 64 bits; one with a fraction of zero (3.0) is an integer. In Any, All, One and Not, a node
// is partial: it restricts the value further, and knows neither all fields nor whether a field can be null.
type node struct {
	// Type is o(bject), a(rray), s(tring), i(nteger), n(umber), b(oolean) or x, which is an integer or a string.
	Type       string           `json:"t,omitempty"`
	Nullable   bool             `json:"z,omitempty"`
	Properties map[string]child `json:"p,omitempty"`
	Required   []string         `json:"r,omitempty"`
	// Further is the schema of all values whose names are not in Properties.
	Further child `json:"*,omitempty"`
	// Unknown keeps fields that are in no schema.
	Unknown bool `json:"u,omitempty"`
	// Embedded is an object with its own apiVersion, kind and metadata.
	Embedded bool     `json:"m,omitempty"`
	Items    child    `json:"l,omitempty"`
	Keys     []string `json:"k,omitempty"`
	Distinct bool     `json:"d,omitempty"`

	Enum []json.RawMessage `json:"e,omitempty"`
	// Pattern restricts strings, also those of an integer or string.
	Pattern string `json:"re,omitempty"`
	// Format is int32 for integers of 32 bits. Strings have a format of kube-openapi, or base64: that of Go, which includes the
	// empty string. A quantity is a number, or a string that is a quantity of Kubernetes.
	Format string `json:"f,omitempty"`
	// Minimum and Maximum restrict numbers, also those of an integer or string.
	Minimum          *float64 `json:"lo,omitempty"`
	Maximum          *float64 `json:"hi,omitempty"`
	ExclusiveMinimum bool     `json:"xlo,omitempty"`
	ExclusiveMaximum bool     `json:"xhi,omitempty"`
	MultipleOf       *float64 `json:"of,omitempty"`
	// Least and Most limit the characters of a string, the items of an array, or the fields of an object.
	Least *int64 `json:"n0,omitempty"`
	Most  *int64 `json:"n1,omitempty"`

	Any []child `json:"any,omitempty"`
	All []child `json:"all,omitempty"`
	One []child `json:"one,omitempty"`
	Not child   `json:"not,omitempty"`
}

// child is the number of a node, or a letter that stands for a node.
type child string

// MarshalJSON prints a number as a number.
func (c child) MarshalJSON() ([]byte, error) {
	if _, err := strconv.Atoi(string(c)); err == nil {
		return []byte(c), nil
	}
	return json.Marshal(string(c))
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (c *child) UnmarshalJSON(text []byte) error {
	if text[0] != '"' {
		*c = child(text)
		return nil
	}
	return json.Unmarshal(text, (*string)(c))
}

// anything accepts every value, with all fields.
const anything child = "?"

// letters are the nodes that no table contains.
var letters = map[string]child{
	`{"t":"s"}`:  "s",
	`{"t":"i"}`:  "i",
	`{"t":"n"}`:  "n",
	`{"t":"b"}`:  "b",
	`{"t":"x"}`:  "x",
	`{"u":true}`: anything,
}

// table contains each node once. The nodes of a schema follow those that it refers to.
type table struct {
	lines   [][]byte
	numbers map[string]child
}

func (t *table) add(n node) child {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(n); err != nil {
		panic(fmt.Sprintf("%+v: %v", n, err))
	}
	text := bytes.TrimSuffix(line.Bytes(), []byte("\n"))
	if letter, is := letters[string(text)]; is {
		return letter
	}
	if number, is := t.numbers[string(text)]; is {
		return number
	}
	if t.numbers == nil {
		t.numbers = map[string]child{}
	}
	number := child(strconv.Itoa(len(t.lines)))
	t.lines = append(t.lines, text)
	t.numbers[string(text)] = number
	return number
}

// node returns the node of a number or letter.
func (t *table) node(c child) (n node) {
	var text []byte
	for line, letter := range letters {
		if letter == c {
			text = []byte(line)
		}
	}
	if number, err := strconv.Atoi(string(c)); err == nil {
		text = t.lines[number]
	}
	if err := json.Unmarshal(text, &n); err != nil {
		panic(fmt.Sprintf("%s: %v", c, err))
	}
	return n
}

// root adds the schema of a kind. The reader expects a line, so it has no letter.
func (t *table) root(n node) (int, error) {
	number, err := strconv.Atoi(string(t.add(n)))
	if err != nil {
		return 0, fmt.Errorf("the schema restricts nothing: %+v", n)
	}
	return number, nil
}
