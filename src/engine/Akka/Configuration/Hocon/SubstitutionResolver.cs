namespace Akka.Configuration.Hocon;

/// <summary>
/// Gives every substitution of a text its value: that of the setting it names, wherever in the text that is set;
/// else that of the environment variable of that name; else, if it is optional, none.
/// </summary>
sealed class SubstitutionResolver(HoconValue root, HoconReader reader)
{
    readonly HashSet<HoconValue> _unsettled = [];
    readonly HashSet<HoconValue> _busy = [];

    public void Resolve(List<HoconValue> values)
    {
        _unsettled.UnionWith(values);
        foreach (var value in values) Settle(value);
        RemoveEmpty(root, []);
    }

    /// <summary>Resolves what a value is made of; one that comes to nothing is again what it was before.</summary>
    void Settle(HoconValue value)
    {
        if (!_unsettled.Contains(value)) return;
        if (!_busy.Add(value)) throw Cycle(value);

        var before = value.Previous;
        if (before is not null) Settle(before);
        foreach (var element in value.Values) if (element is HoconSubstitution s) Resolve(s, before);

        List<IHoconElement> elements = [.. value.Values.Where(e => e is not HoconSubstitution { ResolvedValue: null })];
        if (elements.TrueForAll(e => e is HoconLiteral { IsBlank: true })) elements = before?.Values ?? [];
        else elements = Joined(elements, before);
        value.Replace(elements);
        value.Previous = null;
        _busy.Remove(value);
        _unsettled.Remove(value);
    }

    void Resolve(HoconSubstitution substitution, HoconValue? before)
    {
        // What an included text refers to was resolved there.
        if (substitution.ResolvedValue is not null) return;
        var target = substitution.IsSelf ? before : Lookup(substitution.Path);
        if (target is not null) Settle(target);
        if (target is { Values.Count: > 0 })
        {
            substitution.ResolvedValue = target;
            return;
        }
        if (Environment.GetEnvironmentVariable(substitution.Path) is { } variable)
            substitution.ResolvedValue = HoconValue.Of(new HoconLiteral { Value = variable, Quoted = true });
        else if (!substitution.IsOptional)
            throw reader.Error(substitution.Position,
                $"${{{substitution.Path}}} is neither a setting of this text nor an environment variable");
    }

    HoconValue? Lookup(string path)
    {
        HoconValue? node = root;
        foreach (var key in HoconPath.Split(path))
        {
            node = Child(node, key);
            if (node is null) return null;
        }
        return node;
    }

    HoconValue? Child(HoconValue node, string key)
    {
        if (!_busy.Contains(node))
        {
            Settle(node);
            return node.GetChildObject(key);
        }
        // A setting inside an object that is itself being put together may refer to its neighbours.
        for (var layer = node; layer is not null; layer = layer.Previous)
            for (var i = layer.Values.Count - 1; i >= 0; i--)
            {
                var part = layer.Values[i] as HoconObject ?? (layer.Values[i] as HoconSubstitution)?.GetObject();
                if (part?.GetKey(key) is { } child) return child;
            }
        return null;
    }

    /// <summary>Merges the objects that a value is made of, together with the object that it was before.</summary>
    List<IHoconElement> Joined(List<IHoconElement> elements, HoconValue? before)
    {
        var objects = elements.Select(AsObject).OfType<HoconObject>().ToList();
        var texts = elements.Exists(e => e is not HoconLiteral { IsBlank: true } && e.IsString());
        var arrays = elements.Exists(e => e.IsArray());
        if ((objects.Count > 0 ? 1 : 0) + (texts ? 1 : 0) + (arrays ? 1 : 0) > 1)
            throw reader.Error(elements.OfType<HoconSubstitution>().First().Position,
                "one value cannot mix texts, lists and objects");
        if (objects.Count == 0) return elements;
        if (before?.GetObject() is { } below) objects.Insert(0, below);
        if (objects.Count == 1) return elements;

        var merged = new HoconObject();
        foreach (var next in objects) Merge(merged, next);
        return [merged];
    }

    void Merge(HoconObject target, HoconObject next)
    {
        foreach (var (key, later) in next.Items)
        {
            if (!target.Items.TryGetValue(key, out var earlier))
            {
                target.Items.Add(key, later);
                continue;
            }
            Settle(earlier);
            if (_unsettled.Contains(later)) later.Previous ??= earlier;
            Settle(later);
            if (earlier.GetObject() is { } below && later.GetObject() is { } above)
            {
                var merged = new HoconObject();
                Merge(merged, below);
                Merge(merged, above);
                target.Items[key] = HoconValue.Of(merged);
            }
            else if (later.Values.Count > 0)
            {
                target.Items[key] = later;
            }
        }
    }

    static HoconObject? AsObject(IHoconElement element) => element switch
    {
        HoconObject o => o,
        HoconSubstitution s when s.IsObject() => s.GetObject(),
        _ => null,
    };

    /// <summary>Removes the settings that came to nothing, and makes sure that nothing contains itself.</summary>
    void RemoveEmpty(HoconValue value, HashSet<HoconValue> done)
    {
        if (done.Contains(value)) return;
        if (!_busy.Add(value)) throw Cycle(value);
        foreach (var element in value.Values)
            switch (element)
            {
                case HoconObject o:
                    foreach (var (key, item) in o.Items.ToList())
                        if (item.Values.Count == 0) o.Items.Remove(key);
                        else RemoveEmpty(item, done);
                    break;
                case HoconArray array:
                    array.RemoveAll(item => item.Values.Count == 0);
                    foreach (var item in array) RemoveEmpty(item, done);
                    break;
                case HoconSubstitution { ResolvedValue: { } resolved }:
                    RemoveEmpty(resolved, done);
                    break;
            }
        _busy.Remove(value);
        done.Add(value);
    }

    ConfigurationException Cycle(HoconValue value)
    {
        var at = _busy.Prepend(value).SelectMany(v => v.Values).OfType<HoconSubstitution>().FirstOrDefault();
        return reader.Error(at?.Position ?? 0, $"${{{at?.Path}}} refers to itself");
    }
}
