// Command providerschemas prints what the Go source of a Terraform provider states about the inputs of its resources.
//
// It reads schemas by their syntax alone, so it needs neither the provider's dependencies nor a build. Usage:
//
//	go run . aws CHECKOUT/internal/service CHECKOUT/names > aws.json
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

type attribute struct {
	Type      string       `json:"type,omitempty"`
	Required  bool         `json:"required,omitempty"`
	Optional  bool         `json:"optional,omitempty"`
	Computed  bool         `json:"computed,omitempty"`
	Replaces  bool         `json:"replaces,omitempty"`
	Fixed     bool         `json:"fixed,omitempty"`
	Special   string       `json:"special,omitempty"`
	Suppress  bool         `json:"suppress,omitempty"`
	Default   any          `json:"default,omitempty"`
	MaxItems  *float64     `json:"maxItems,omitempty"`
	MinItems  *float64     `json:"minItems,omitempty"`
	Low       *float64     `json:"low,omitempty"`
	High      *float64     `json:"high,omitempty"`
	Shortest  *float64     `json:"shortest,omitempty"`
	Longest   *float64     `json:"longest,omitempty"`
	Values    []any        `json:"values,omitempty"`
	AnyCase   bool         `json:"anyCase,omitempty"`
	Enum      string       `json:"enum,omitempty"`
	Patterns  []string     `json:"patterns,omitempty"`
	Named     []string     `json:"named,omitempty"`
	Conflicts []string     `json:"conflicts,omitempty"`
	Exactly   []string     `json:"exactlyOne,omitempty"`
	AtLeast   []string     `json:"atLeastOne,omitempty"`
	Requires  []string     `json:"requires,omitempty"`
	Fields    attributeMap `json:"fields,omitempty"`
}

type attributeMap map[string]*attribute

type pack struct {
	dir       string
	funcs     map[string]*ast.FuncDecl
	methods   map[string]map[string]*ast.FuncDecl // by receiver type, then name
	values    map[string]ast.Expr
	resources map[string]*ast.FuncDecl
}

var constants = map[string]string{} // of the package "names", and "package.Name" of all others

func load(dir string) *pack {
	set := token.NewFileSet()
	p := &pack{dir: dir, funcs: map[string]*ast.FuncDecl{}, methods: map[string]map[string]*ast.FuncDecl{}, values: map[string]ast.Expr{}, resources: map[string]*ast.FuncDecl{}}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "data_source") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			continue
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					p.funcs[d.Name.Name] = d
				} else {
					r := strings.TrimPrefix(exprText(d.Recv.List[0].Type), "*")
					if p.methods[r] == nil {
						p.methods[r] = map[string]*ast.FuncDecl{}
					}
					p.methods[r][d.Name.Name] = d
				}
				if d.Doc != nil {
					for _, c := range d.Doc.List {
						if m := regexp.MustCompile(`@SDKResource\("([a-z0-9_]+)"`).FindStringSubmatch(c.Text); m != nil {
							p.resources[m[1]] = d
						}
					}
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok {
						for i, n := range v.Names {
							if i < len(v.Values) {
								p.values[n.Name] = v.Values[i]
							}
						}
					}
				}
			}
		}
	}
	return p
}

func exprText(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return exprText(x.X) + "." + x.Sel.Name
	case *ast.StarExpr:
		return "*" + exprText(x.X)
	case *ast.IndexExpr:
		return exprText(x.X) + "[" + exprText(x.Index) + "]"
	case *ast.CallExpr:
		return exprText(x.Fun)
	case *ast.ArrayType:
		return "[]" + exprText(x.Elt)
	case *ast.MapType:
		return "map[" + exprText(x.Key) + "]" + exprText(x.Value)
	case *ast.ParenExpr:
		return exprText(x.X)
	}
	return ""
}

type scope map[string]ast.Expr

// text returns the constant string of an expression.
func (p *pack) text(e ast.Expr, s scope) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			v, err := strconv.Unquote(x.Value)
			return v, err == nil
		}
	case *ast.Ident:
		if v, ok := s[x.Name]; ok && v != e {
			return p.text(v, s)
		}
		if v, ok := p.values[x.Name]; ok && v != e {
			return p.text(v, s)
		}
	case *ast.SelectorExpr:
		if v, ok := constants[exprText(x)]; ok {
			return v, true
		}
	case *ast.BinaryExpr:
		a, ok1 := p.text(x.X, s)
		b, ok2 := p.text(x.Y, s)
		return a + b, ok1 && ok2
	case *ast.CallExpr:
		name := exprText(x.Fun)
		if len(x.Args) == 1 && (name == "string" || strings.HasSuffix(name, "String")) {
			return p.text(x.Args[0], s)
		}
		if name == "fmt.Sprintf" && len(x.Args) >= 1 {
			format, ok := p.text(x.Args[0], s)
			args := []any{}
			for _, a := range x.Args[1:] {
				if t, good := p.text(a, s); good {
					args = append(args, t)
				} else if n, good := p.number(a, s); good {
					args = append(args, int(n))
				} else {
					ok = false
				}
			}
			return fmt.Sprintf(format, args...), ok
		}
	}
	return "", false
}

func (p *pack) number(e ast.Expr, s scope) (float64, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		v, err := strconv.ParseFloat(strings.ReplaceAll(x.Value, "_", ""), 64)
		return v, err == nil
	case *ast.UnaryExpr:
		v, ok := p.number(x.X, s)
		return -v, ok && x.Op == token.SUB
	case *ast.Ident:
		if v, ok := s[x.Name]; ok && v != e {
			return p.number(v, s)
		}
		if v, ok := p.values[x.Name]; ok {
			return p.number(v, s)
		}
	case *ast.BinaryExpr:
		a, ok1 := p.number(x.X, s)
		b, ok2 := p.number(x.Y, s)
		if ok1 && ok2 {
			switch x.Op {
			case token.MUL:
				return a * b, true
			case token.ADD:
				return a + b, true
			case token.SUB:
				return a - b, true
			}
		}
	case *ast.CallExpr:
		if len(x.Args) == 1 {
			return p.number(x.Args[0], s)
		}
	case *ast.SelectorExpr:
		if exprText(x) == "math.MaxInt32" {
			return 1<<31 - 1, true
		}
	}
	return 0, false
}

func (p *pack) constant(e ast.Expr, s scope) any {
	if t, ok := p.text(e, s); ok {
		return t
	}
	if n, ok := p.number(e, s); ok {
		return n
	}
	if i, ok := e.(*ast.Ident); ok && (i.Name == "true" || i.Name == "false") {
		return i.Name == "true"
	}
	return nil
}

// returned returns the result expression of a function, with its local variables and arguments.
func (p *pack) returned(body *ast.BlockStmt) (ast.Expr, scope) {
	s := scope{}
	var result ast.Expr
	for _, st := range body.List {
		switch x := st.(type) {
		case *ast.AssignStmt:
			if len(x.Lhs) == len(x.Rhs) {
				for i := range x.Lhs {
					if n, ok := x.Lhs[i].(*ast.Ident); ok {
						s[n.Name] = x.Rhs[i]
					} else if strings.HasSuffix(exprText(x.Lhs[i]), ".Schema") && result == nil {
						result = x.Rhs[i] // resp.Schema = ...
					}
				}
			}
		case *ast.DeclStmt:
			if g, ok := x.Decl.(*ast.GenDecl); ok {
				for _, spec := range g.Specs {
					if v, ok := spec.(*ast.ValueSpec); ok {
						for i, n := range v.Names {
							if i < len(v.Values) {
								s[n.Name] = v.Values[i]
							}
						}
					}
				}
			}
		case *ast.ReturnStmt:
			if len(x.Results) > 0 {
				result = x.Results[0]
			}
		}
	}
	return result, s
}

// resolve follows references, calls and pointers to the composite literal or call that defines a value.
func (p *pack) resolve(e ast.Expr, s scope, depth int) (ast.Expr, scope) {
	if depth > 12 || e == nil {
		return e, s
	}
	switch x := e.(type) {
	case *ast.UnaryExpr:
		return p.resolve(x.X, s, depth+1)
	case *ast.ParenExpr:
		return p.resolve(x.X, s, depth+1)
	case *ast.Ident:
		if v, ok := s[x.Name]; ok && v != e {
			return p.resolve(v, s, depth+1)
		}
		if v, ok := p.values[x.Name]; ok {
			return p.resolve(v, scope{}, depth+1)
		}
	case *ast.CallExpr:
		if lit, ok := x.Fun.(*ast.FuncLit); ok {
			r, inner := p.returned(lit.Body)
			return p.resolve(r, inner, depth+1)
		}
		if f, ok := x.Fun.(*ast.Ident); ok {
			if lit, found := p.values[f.Name]; found {
				if c, isCall := lit.(*ast.CallExpr); isCall && len(c.Args) == 1 && strings.HasPrefix(exprText(c.Fun), "sync.OnceValue") {
					if fl, isLit := c.Args[0].(*ast.FuncLit); isLit {
						r, inner := p.returned(fl.Body)
						return p.resolve(r, inner, depth+1)
					}
				}
			}
			if d, found := p.funcs[f.Name]; found && d.Body != nil {
				r, inner := p.returned(d.Body)
				if r == nil {
					return e, s
				}
				i := 0
				for _, field := range d.Type.Params.List {
					for _, n := range field.Names {
						if i < len(x.Args) {
							if _, set := inner[n.Name]; !set {
								inner[n.Name] = p.close(x.Args[i], s)
							}
						}
						i++
					}
				}
				return p.resolve(r, inner, depth+1)
			}
		}
	}
	return e, s
}

// close replaces an identifier by its value in the caller's scope.
func (p *pack) close(e ast.Expr, s scope) ast.Expr {
	if i, ok := e.(*ast.Ident); ok {
		if v, found := s[i.Name]; found {
			return v
		}
	}
	return e
}

func (p *pack) texts(e ast.Expr, s scope) []string {
	e, s = p.resolve(e, s, 0)
	out := []string{}
	if c, ok := e.(*ast.CompositeLit); ok {
		for _, el := range c.Elts {
			if t, good := p.text(el, s); good {
				out = append(out, t)
			}
		}
	}
	return out
}

func isTrue(e ast.Expr) bool {
	i, ok := e.(*ast.Ident)
	return ok && i.Name == "true"
}

func (p *pack) fieldsOf(e ast.Expr, s scope, depth int) attributeMap {
	out := attributeMap{}
	p.addFields(out, e, s, depth)
	return out
}

func (p *pack) addFields(out attributeMap, e ast.Expr, s scope, depth int) {
	if depth > 14 {
		return
	}
	e, s = p.resolve(e, s, 0)
	switch c := e.(type) {
	case *ast.FuncLit:
		r, inner := p.returned(c.Body)
		p.addFields(out, r, inner, depth+1)
	case *ast.CallExpr:
		for _, a := range c.Args { // a function of another package that wraps the schema
			p.addFields(out, a, s, depth+1)
		}
	case *ast.CompositeLit:
		typeName := exprText(c.Type)
		if strings.HasPrefix(typeName, "map[") || typeName == "" {
			for _, el := range c.Elts {
				kv, ok := el.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				if key, good := p.text(kv.Key, s); good {
					out[key] = p.attributeOf(kv.Value, s, depth+1)
				}
			}
			return
		}
		for _, el := range c.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				switch exprText(kv.Key) {
				case "Schema", "SchemaFunc", "Attributes", "Blocks":
					p.addFields(out, kv.Value, s, depth+1)
				}
			}
		}
	}
}

func (p *pack) attributeOf(e ast.Expr, s scope, depth int) *attribute {
	a := &attribute{}
	if name := exprText(e); strings.Contains(name, "TagsSchema") || strings.Contains(name, "TagsAttribute") {
		a.Type, a.Optional = "map", true
		a.Computed = strings.Contains(name, "Computed")
		if strings.Contains(name, "ForceNew") {
			a.Replaces = true
		}
		return a
	}
	e, s = p.resolve(e, s, 0)
	c, ok := e.(*ast.CompositeLit)
	if !ok {
		if call, isCall := e.(*ast.CallExpr); isCall {
			a.Special = exprText(call.Fun)
		}
		return a
	}
	a.Type = strings.TrimPrefix(exprText(c.Type), "schema.")
	for _, el := range c.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		switch key := exprText(kv.Key); key {
		case "Type":
			a.Type = strings.TrimPrefix(exprText(kv.Value), "schema.Type")
		case "Required":
			a.Required = isTrue(kv.Value)
		case "Optional":
			a.Optional = isTrue(kv.Value)
		case "Computed":
			a.Computed = isTrue(kv.Value)
		case "ForceNew":
			a.Replaces = isTrue(kv.Value)
		case "Default":
			if call, isCall := kv.Value.(*ast.CallExpr); isCall && len(call.Args) == 1 && strings.Contains(exprText(call.Fun), "default.Static") {
				a.Default = p.constant(call.Args[0], s)
			} else {
				a.Default = p.constant(kv.Value, s)
			}
		case "DiffSuppressFunc", "StateFunc":
			a.Suppress = true
		case "MaxItems":
			if n, good := p.number(kv.Value, s); good {
				a.MaxItems = &n
			}
		case "MinItems":
			if n, good := p.number(kv.Value, s); good {
				a.MinItems = &n
			}
		case "ConflictsWith":
			a.Conflicts = p.texts(kv.Value, s)
		case "ExactlyOneOf":
			a.Exactly = p.texts(kv.Value, s)
		case "AtLeastOneOf":
			a.AtLeast = p.texts(kv.Value, s)
		case "RequiredWith":
			a.Requires = p.texts(kv.Value, s)
		case "ValidateFunc", "ValidateDiagFunc":
			p.validator(a, kv.Value, s, 0)
		case "Validators":
			list, inner := p.resolve(kv.Value, s, 0)
			if l, good := list.(*ast.CompositeLit); good {
				for _, v := range l.Elts {
					p.validator(a, v, inner, 0)
				}
			}
		case "PlanModifiers":
			list, _ := p.resolve(kv.Value, s, 0)
			if l, good := list.(*ast.CompositeLit); good {
				for _, v := range l.Elts {
					name := exprText(v)
					switch {
					case strings.HasSuffix(name, ".RequiresReplace"), strings.HasSuffix(name, ".RequiresReplaceIfConfigured"):
						a.Replaces = true
					case strings.Contains(name, "CreateOnly"):
						a.Fixed = true
					case strings.Contains(name, "RequiresReplace"), strings.Contains(name, "Immutable"):
						a.Special = name
					}
				}
			}
		case "Elem":
			inner, innerScope := p.resolve(kv.Value, s, 0)
			if l, good := inner.(*ast.CompositeLit); good {
				if strings.HasSuffix(exprText(l.Type), "Resource") {
					a.Fields = p.fieldsOf(l, innerScope, depth+1)
				} else {
					element := p.attributeOf(l, innerScope, depth+1)
					a.Low, a.High, a.Values, a.Enum, a.AnyCase = element.Low, element.High, element.Values, element.Enum, element.AnyCase
					a.Shortest, a.Longest, a.Patterns, a.Named = element.Shortest, element.Longest, element.Patterns, element.Named
					if element.Fields != nil {
						a.Fields = element.Fields
					}
				}
			}
		case "NestedObject", "Attributes", "Blocks":
			if a.Fields == nil {
				a.Fields = attributeMap{}
			}
			if key == "NestedObject" {
				p.addFields(a.Fields, kv.Value, s, depth+1)
			} else {
				p.addFields(a.Fields, kv.Value, s, depth+1)
			}
		}
	}
	return a
}

func (p *pack) bounds(args []ast.Expr, s scope) (low, high *float64) {
	if n, ok := p.number(args[0], s); ok {
		low = &n
	}
	if len(args) > 1 {
		if n, ok := p.number(args[1], s); ok {
			high = &n
		}
	}
	return
}

func (p *pack) validator(a *attribute, e ast.Expr, s scope, depth int) {
	if depth > 6 {
		return
	}
	call, ok := e.(*ast.CallExpr)
	if !ok {
		if i, isIdent := e.(*ast.Ident); isIdent {
			if v, found := p.values[i.Name]; found {
				p.validator(a, v, scope{}, depth+1)
				return
			}
		}
		a.Named = append(a.Named, exprText(e))
		return
	}
	name := exprText(call.Fun)
	base := name[strings.LastIndex(name, ".")+1:]
	kind := name[:strings.Index(name+".", ".")]
	if strings.HasPrefix(name, "enum.") {
		a.Enum = name
		a.AnyCase = strings.HasPrefix(name, "enum.ValidateIgnoreCase")
		return
	}
	switch base {
	case "ToDiagFunc", "All":
		for _, arg := range call.Args {
			p.validator(a, arg, s, depth+1)
		}
		return
	case "ValueStringsAre", "ValueInt64sAre", "ValueInt32sAre":
		for _, arg := range call.Args {
			p.validator(a, arg, s, depth+1)
		}
		return
	case "StringInSlice", "IntInSlice":
		list, inner := p.resolve(call.Args[0], s, 0)
		if l, good := list.(*ast.CompositeLit); good {
			for _, el := range l.Elts {
				if v := p.constant(el, inner); v != nil {
					a.Values = append(a.Values, v)
				} else if sel, isSel := el.(*ast.SelectorExpr); isSel {
					a.Named = append(a.Named, "value:"+exprText(sel))
				} else {
					a.Named = append(a.Named, "value:?")
				}
			}
		} else if c, good := list.(*ast.CallExpr); good {
			if strings.HasPrefix(exprText(c.Fun), "enum.") {
				a.Enum = exprText(c.Fun)
			} else {
				a.Enum = exprText(c.Fun)
			}
		}
		if len(call.Args) > 1 {
			a.AnyCase = isTrue(call.Args[1])
		}
		return
	case "OneOf", "OneOfCaseInsensitive":
		a.AnyCase = base != "OneOf"
		for _, arg := range call.Args {
			if v := p.constant(arg, s); v != nil {
				a.Values = append(a.Values, v)
			} else {
				a.Named = append(a.Named, "value:?")
			}
		}
		return
	case "IntBetween", "FloatBetween", "Between":
		a.Low, a.High = p.bounds(call.Args, s)
		return
	case "IntAtLeast", "FloatAtLeast", "AtLeast":
		a.Low, _ = p.bounds(call.Args, s)
		return
	case "IntAtMost", "FloatAtMost", "AtMost":
		a.High, _ = p.bounds(call.Args, s)
		return
	case "StringLenBetween", "LengthBetween", "UTF8LengthBetween":
		a.Shortest, a.Longest = p.bounds(call.Args, s)
		return
	case "LengthAtLeast", "UTF8LengthAtLeast":
		a.Shortest, _ = p.bounds(call.Args, s)
		return
	case "LengthAtMost", "UTF8LengthAtMost":
		a.Longest, _ = p.bounds(call.Args, s)
		return
	case "SizeBetween":
		a.MinItems, a.MaxItems = p.bounds(call.Args, s)
		return
	case "SizeAtMost":
		a.MaxItems, _ = p.bounds(call.Args, s)
		return
	case "SizeAtLeast":
		a.MinItems, _ = p.bounds(call.Args, s)
		return
	case "StringMatch", "RegexMatches":
		pattern, inner := p.resolve(call.Args[0], s, 0)
		if c, good := pattern.(*ast.CallExpr); good && len(c.Args) == 1 {
			if t, fine := p.text(c.Args[0], inner); fine {
				a.Patterns = append(a.Patterns, t)
			}
		}
		return
	case "ConflictsWith", "ExactlyOneOf", "AlsoRequires", "AtLeastOneOf":
		paths := []string{}
		for _, arg := range call.Args {
			paths = append(paths, p.path(arg, s))
		}
		switch base {
		case "ConflictsWith":
			a.Conflicts = append(a.Conflicts, paths...)
		case "ExactlyOneOf":
			a.Exactly = append(a.Exactly, paths...)
		case "AlsoRequires":
			a.Requires = append(a.Requires, paths...)
		default:
			a.AtLeast = append(a.AtLeast, paths...)
		}
		return
	}
	if f, good := call.Fun.(*ast.Ident); good {
		if d, found := p.funcs[f.Name]; found && d.Body != nil && len(d.Body.List) == 1 {
			r, inner := p.returned(d.Body)
			if c, isCall := r.(*ast.CallExpr); isCall {
				p.validator(a, c, inner, depth+1)
				return
			}
		}
	}
	_ = kind
	a.Named = append(a.Named, name)
}

// path returns a path expression: "root.name", or "^name" for a sibling.
func (p *pack) path(e ast.Expr, s scope) string {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return "?"
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return "?"
	}
	switch sel.Sel.Name {
	case "MatchRoot":
		t, _ := p.text(c.Args[0], s)
		return t
	case "MatchRelative":
		return ""
	case "AtParent":
		return p.path(sel.X, s) + "^"
	case "AtName":
		t, _ := p.text(c.Args[0], s)
		before := p.path(sel.X, s)
		if before == "" || strings.HasSuffix(before, "^") {
			return before + t
		}
		return before + "." + t
	case "AtListIndex", "AtAnyListIndex", "AtAnySetValue":
		return p.path(sel.X, s)
	}
	return "?"
}

func main() {
	provider, root := os.Args[1], os.Args[2]
	for _, dir := range os.Args[3:] {
		n := load(dir)
		for name, v := range n.values {
			if t, ok := n.text(v, scope{}); ok {
				constants[filepath.Base(dir)+"."+name] = t
			}
		}
	}
	out := map[string]any{}
	dirs, _ := filepath.Glob(filepath.Join(root, "*"))
	packs := []*pack{}
	for _, dir := range dirs {
		p := load(dir)
		packs = append(packs, p)
		for name, v := range p.values {
			if t, ok := p.text(v, scope{}); ok {
				constants["tf"+filepath.Base(dir)+"."+name] = t
				constants[filepath.Base(dir)+"."+name] = t
			}
		}
	}
	for _, p := range packs {
		for name, d := range p.resources {
			r, s := p.returned(d.Body)
			custom := false
			lit, litScope := p.resolve(r, s, 0)
			if c, ok := lit.(*ast.CompositeLit); ok {
				for _, el := range c.Elts {
					if kv, good := el.(*ast.KeyValueExpr); good && exprText(kv.Key) == "CustomizeDiff" {
						custom = true
					}
				}
			}
			out[name] = map[string]any{"fields": p.fieldsOf(lit, litScope, 0), "customizeDiff": custom, "from": filepath.Base(p.dir)}
		}
		if provider == "cloudflare" || provider == "mongodbatlas" {
			name := provider + "_" + filepath.Base(p.dir)
			for _, f := range []string{"ResourceSchema", "Resource"} {
				if d, ok := p.funcs[f]; ok && d.Body != nil && (provider == "mongodbatlas" || f == "ResourceSchema") {
					r, s := p.returned(d.Body)
					lit, litScope := p.resolve(r, s, 0)
					if fields := p.fieldsOf(lit, litScope, 0); len(fields) > 0 {
						out[name] = map[string]any{"fields": fields, "from": filepath.Base(p.dir)}
					}
				}
			}
		}
		for receiver, methods := range p.methods {
			d, ok := methods["Schema"]
			if !ok || d.Body == nil || strings.Contains(strings.ToLower(receiver), "datasource") {
				continue
			}
			name := ""
			if m, good := methods["Metadata"]; good {
				ast.Inspect(m.Body, func(n ast.Node) bool {
					if b, isLit := n.(*ast.BasicLit); isLit && b.Kind == token.STRING {
						name, _ = strconv.Unquote(b.Value)
					}
					return true
				})
			}
			if provider == "mongodbatlas" {
				name = "mongodbatlas_" + filepath.Base(p.dir)
			}
			if provider == "cloudflare" || name == "" {
				continue
			}
			r, s := p.returned(d.Body)
			lit, litScope := p.resolve(r, s, 0)
			fields := p.fieldsOf(lit, litScope, 0)
			if len(fields) > 0 && out[name] == nil {
				out[name] = map[string]any{"fields": fields, "from": filepath.Base(p.dir), "framework": true}
			}
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(out)
}
