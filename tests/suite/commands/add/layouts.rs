//! Lists, each with the keys of its entry, the fields of a new member, and the expected list.

/// An entry of `clusters`, a list, the arguments, and the list with the new member.
type Layout = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

#[rustfmt::skip]
pub(super) const LAYOUTS: &[Layout] = &[
    ("", "# users\na: {type: x}\n# end\n", &["type=w"], "# users\na: {type: x}\nnew: {type: w}\n# end\n"),
    ("", "a: {type: x}", &["type=w"], "a: {type: x}\nnew: {type: w}"),
    ("", "a: {type: x}\r\nb: {}\r\n", &["type=w"], "a: {type: x}\r\nb: {}\r\nnew: {type: w}\r\n"),
    ("", "\u{feff}a: {}\n", &[], "\u{feff}a: {}\nnew: {}\n"),
    ("", "a:\n    type: x # of a\n\n# end\n", &["type=w", "size=3"], "a:\n    type: x # of a\nnew:\n    type: w\n    size: 3\n\n# end\n"),
    ("", "a:\nb: {type: x}\n---\nc:\n", &["type=w"], "a:\nb: {type: x}\n---\nc:\nnew: {type: w}\n"),
    (", value: type", "a: x\n", &["type=w"], "a: x\nnew: w\n"),
    (", value: type", "a: x\n", &["type=w", "size=3"], "a: x\nnew: {type: w, size: 3}\n"),
    (", value: type", "a: x\n", &["type=w: z #"], "a: x\nnew: \"w: z #\"\n"),
    (", value: type", "a: |+\n  x\n\n", &["type=w"], "a: |+\n  x\n\nnew: w\n"),
    ("", "{a: {type: x}, b: {}}\n", &["type=w"], "{a: {type: x}, b: {}, new: {type: w}}\n"),
    ("", "{a: {type: x}, b: {},}\n", &["type=w"], "{a: {type: x}, b: {},new: {type: w},}\n"),
    ("", "{\n  a: {type: x}, # of a\n  b: {} # of b\n}\n", &[], "{\n  a: {type: x}, # of a\n  b: {}, # of b\n  new: {}\n}\n"),
    ("", "{}\n", &["type=w"], "{new: {type: w}}\n"),
    ("", "# no member\n", &["type=w"], "# no member\nnew: {type: w}\n"),
    ("", "- name: a\n  type: x\n# end\n", &["type=w"], "- name: a\n  type: x\n- name: new\n  type: w\n# end\n"),
    ("", "  -   type: x\n      name: a\n", &["type=w"], "  -   type: x\n      name: a\n  -   name: new\n      type: w\n"),
    ("", "- {name: a}\n- {name: b, type: x}\n", &["type=w"], "- {name: a}\n- {name: b, type: x}\n- {name: new, type: w}\n"),
    (", key: user", "- user: a\n", &["type=w"], "- user: a\n- user: new\n  type: w\n"),
    ("", "[]\n", &[], "[{name: new}]\n"),
    ("", "[{\"name\":\"a\"}]\n", &["type=w", "size=3"], "[{\"name\":\"a\"}, {\"name\": \"new\", \"type\": \"w\", \"size\": 3}]\n"),
    ("", "{\n\t\"a\": {\n\t\t\"type\": \"x\"\n\t}\n}\n", &["type=w", "size=3"], "{\n\t\"a\": {\n\t\t\"type\": \"x\"\n\t},\n\t\"new\": {\n\t\t\"type\": \"w\",\n\t\t\"size\": 3\n\t}\n}\n"),
    ("", "[\r\n  {\"name\": \"a\"}\r\n]\r\n", &["type=w"], "[\r\n  {\"name\": \"a\"},\r\n  {\"name\": \"new\", \"type\": \"w\"}\r\n]\r\n"),
    (", at: /spec/users", "kind: Users\nspec:\n  users:\n  - name: a\n  # end\nstatus: {}\n", &["type=w"], "kind: Users\nspec:\n  users:\n  - name: a\n  - name: new\n    type: w\n  # end\nstatus: {}\n"),
    (", value: type", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: users}\ndata:\n  a: x\n", &["type=w"], "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: users}\ndata:\n  a: x\n  new: w\n"),
    (", value: type", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: x\nmetadata: {name: users}\n", &["type=w", "size=3"], "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: x\n  new: |\n    type: w\n    size: 3\nmetadata: {name: users}\n"),
    (", value: type", "apiVersion: v1\nkind: ConfigMap\ndata: {a: x}\n", &["size=3"], "apiVersion: v1\nkind: ConfigMap\ndata: {a: x, new: \"name: new\\nsize: 3\\n\"}\n"),
    (", value: type", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: x\n", &[], "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: x\n  new: |\n    name: new\n    # no fields\n"),
];
