package schemas

import "testing"

func TestAll(t *testing.T) {
	n := 0
	for k := range known.texts {
		d, err := known.definition(k)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, v := range d.crd.Spec.Versions {
			if v.Served {
				n++
				if _, err := d.version(v.Name); err != nil {
					t.Error(err)
				}
			}
		}
	}
	t.Log(len(known.texts), n)
}
