namespace Akka.Configuration.Hocon;

/// <summary>Reads HOCON: <c>https://github.com/lightbend/config/blob/main/HOCON.md</c>.</summary>
public class Parser
{
    readonly HoconReader _reader;
    readonly Func<string, HoconRoot>? _include;
    readonly List<HoconValue> _unsettled = [];
    readonly List<HoconSubstitution> _substitutions = [];

    // The keys of the setting being read, from the root.
    readonly List<string> _path = [];

    public Parser()
        : this("", null, null)
    {
    }

    Parser(string text, Func<string, HoconRoot>? include, string? origin)
    {
        _reader = new HoconReader(text, origin);
        _include = include;
    }

    /// <exception cref="ConfigurationException">The text is not HOCON; the message says where and why.</exception>
    public static HoconRoot Parse(string text, Func<string, HoconRoot>? includeCallback) =>
        Parse(text, includeCallback, null);

    /// <param name="text">The HOCON.</param>
    /// <param name="includeCallback">Gives the content of an included name.</param>
    /// <param name="origin">The name of the file or resource, for messages.</param>
    internal static HoconRoot Parse(string text, Func<string, HoconRoot>? includeCallback, string? origin)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Parser(text, includeCallback, origin).ParseRoot();
    }

    HoconRoot ParseRoot()
    {
        var root = new HoconObject();
        _reader.Blanks();
        var start = _reader.Position;
        ParseSettings(root, _reader.Skip('{') ? start : null);
        _reader.Blanks();
        if (!_reader.AtEnd) throw _reader.Unexpected("the end of the text");
        var value = HoconValue.Of(root);
        if (_unsettled.Count > 0) new SubstitutionResolver(value, _reader).Resolve(_unsettled);
        return new HoconRoot(value, _substitutions);
    }

    /// <summary>Settings up to the closing brace, or up to the end of the text where no brace was opened.</summary>
    void ParseSettings(HoconObject target, int? brace)
    {
        var separated = true;
        while (true)
        {
            separated |= _reader.Blanks();
            if (_reader.AtEnd)
                if (brace is null) return;
                else throw _reader.Error(brace.Value, "the object that begins here is never closed");
            if (brace is not null && _reader.Skip('}')) return;
            if (!separated) throw _reader.Unexpected("a comma or the end of the line");

            separated = _reader.Include() is { } name ? ParseInclude(target, name) : ParseSetting(target);
            separated |= _reader.Blanks();
            separated |= _reader.Skip(',');
        }
    }

    /// <summary>Whether the next setting may follow without a comma or line end, as it may after a brace.</summary>
    bool ParseSetting(HoconObject target)
    {
        if (!_reader.AtKey) throw _reader.Unexpected("a key");
        var key = _reader.Key();
        var depth = _path.Count;
        _path.Add(key);
        for (_reader.Spaces(); _reader.Skip('.'); _reader.Spaces())
        {
            target = ObjectAt(target.GetOrCreateKey(key));
            _reader.Spaces();
            _path.Add(key = _reader.Key());
        }
        _reader.Blanks();

        var value = target.GetOrCreateKey(key);
        var isBlock = _reader.Next == '{';
        if (_reader.Skip("+=")) ParseAppended(value);
        else if (isBlock || _reader.Skip('=') || _reader.Skip(':')) ParseValue(value, isBlock);
        else throw _reader.Unexpected($"'=', ':' or '{{' after the key '{string.Join('.', _path[depth..])}'");
        _path.RemoveRange(depth, _path.Count - depth);
        return isBlock;
    }

    bool ParseInclude(HoconObject target, string name)
    {
        if (_include is null)
            throw _reader.Error(_reader.Position,
                $"'{name}' cannot be included: this text was read without an include callback");
        HoconRoot included;
        try
        {
            included = _include(name);
        }
        catch (Exception e)
        {
            throw _reader.Error(_reader.Position, $"'{name}' cannot be included: {e.Message.TrimEnd('.')}", e);
        }
        if (included?.Value?.GetObject() is not { } content)
            throw _reader.Error(_reader.Position, $"'{name}' cannot be included: it is not an object");
        Overlay(target, content);
        return false;
    }

    void Overlay(HoconObject target, HoconObject content)
    {
        foreach (var (key, value) in content.Items)
        {
            var mine = target.GetOrCreateKey(key);
            if (value.GetObject() is { } nested) Overlay(ObjectAt(mine), nested);
            else Assign(mine, [.. value.Values]);
        }
    }

    /// <summary>The object that a setting is, or becomes by having settings of its own.</summary>
    HoconObject ObjectAt(HoconValue value)
    {
        if (value.Values is [HoconObject existing]) return existing;
        var created = new HoconObject();
        Assign(value, [created]);
        return created;
    }

    /// <summary>Gives a setting a new value; the earlier one is kept while substitutions may need it.</summary>
    void Assign(HoconValue value, List<IHoconElement> elements)
    {
        var hasNew = elements.Exists(e => e is HoconSubstitution);
        var hasOld = value.Previous is not null || value.Values.Exists(e => e is HoconSubstitution);
        if (value.Values.Count > 0 && (hasNew || hasOld))
        {
            value.Previous = new HoconValue(value.Values) { Previous = value.Previous };
            _unsettled.Add(value.Previous);
        }
        value.Replace(elements);
        if (hasNew || hasOld) _unsettled.Add(value);
    }

    void ParseAppended(HoconValue value)
    {
        var start = _reader.Position;
        var added = new HoconValue();
        _reader.Blanks();
        ParseValue(added);
        var path = HoconPath.Join(_path);
        var before = new HoconSubstitution(path) { IsSelf = true, IsOptional = true, Position = start };
        Assign(value, [before, new HoconArray { added }]);
    }

    /// <summary>A value up to the end of its line; to that of <c>key { }</c> only other objects belong.</summary>
    void ParseValue(HoconValue value, bool isBlock = false)
    {
        _reader.Blanks();
        var elements = new List<IHoconElement>();
        while (true)
        {
            var start = _reader.Position;
            if (isBlock && _reader.Next != '{' && !_reader.At("${")) break;
            if (_reader.Next == '{' && elements.Count == 0 && value.Values is [HoconObject existing])
                Add(ParseBraces(existing));
            else if (_reader.Next == '{') Add(ParseBraces(new HoconObject()));
            else if (_reader.Next == '[') Add(ParseArray());
            else if (_reader.At("${")) Add(ParseSubstitution());
            else if (_reader.Next == '"') Add(new HoconLiteral { Value = _reader.Quoted(), Quoted = true });
            else if (_reader.AtText) Add(new HoconLiteral { Value = _reader.Text() });
            else break;

            if (_reader.Spaces() is { Length: > 0 } spaces) elements.Add(new HoconLiteral { Value = spaces });

            void Add(IHoconElement element)
            {
                // A substitution fits with anything until it is known what it stands for.
                var other = elements.Find(e => e is HoconObject or HoconArray or HoconLiteral { IsBlank: false });
                if (other is not null && element is not HoconSubstitution && element.GetType() != other.GetType())
                    throw _reader.Error(start, "one value cannot mix texts, lists and objects; "
                        + "if a new setting begins here, put it on a line of its own or after a comma");
                elements.Add(element);
            }
        }
        if (elements.Count == 0) throw _reader.Unexpected("a value");
        if (elements[^1] is HoconLiteral { IsBlank: true }) elements.RemoveAt(elements.Count - 1);
        if (!isBlock) CheckEnd();
        if (elements.TrueForAll(e => e is HoconObject or HoconLiteral { IsBlank: true }))
        {
            var whole = (HoconObject)elements[0];
            foreach (var element in elements.Skip(1)) if (element is HoconObject next) Overlay(whole, next);
            elements = [whole];
        }
        if (value.Values is not [var only] || only != elements[0] || elements.Count > 1) Assign(value, elements);
    }

    void CheckEnd()
    {
        if (_reader.Next is '=' or ':')
            throw _reader.Error(_reader.Position, $"{_reader.Found} in a value; put the value in quotes, "
                + "or, if a new setting begins here, put it on a line of its own or after a comma");
        if ("$`^?!@*&\\".Contains(_reader.Next) && !_reader.AtEnd)
            throw _reader.Error(_reader.Position, $"{_reader.Found} in a value; put the value in quotes");
    }

    HoconObject ParseBraces(HoconObject target)
    {
        var brace = _reader.Position;
        _reader.Skip('{');
        ParseSettings(target, brace);
        return target;
    }

    HoconArray ParseArray()
    {
        var bracket = _reader.Position;
        _reader.Skip('[');
        var array = new HoconArray();
        while (true)
        {
            _reader.Blanks();
            if (_reader.AtEnd) throw _reader.Error(bracket, "the list that begins here is never closed");
            if (_reader.Skip(']')) return array;
            var item = new HoconValue();
            ParseValue(item);
            array.Add(item);
            var separated = _reader.Blanks();
            separated |= _reader.Skip(',');
            if (!separated && !_reader.AtEnd && _reader.Next != ']') throw _reader.Unexpected("a comma or ']'");
        }
    }

    HoconSubstitution ParseSubstitution()
    {
        var start = _reader.Position;
        _reader.Skip("${");
        var optional = _reader.Skip('?');
        var path = _reader.SubstitutionPath(start);
        var substitution = new HoconSubstitution(path)
        {
            IsOptional = optional,
            IsSelf = HoconPath.Split(path).SequenceEqual(_path),
            Position = start,
        };
        _substitutions.Add(substitution);
        return substitution;
    }
}
