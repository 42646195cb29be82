using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Settings by name, in the order in which they were first written.</summary>
public class HoconObject : IHoconElement
{
    public Dictionary<string, HoconValue> Items { get; } = [];

    /// <summary>The same as plain dictionaries, nested objects included; everything else stays a value.</summary>
    public IDictionary<string, object> Unwrapped =>
        Items.ToDictionary(i => i.Key, i => i.Value.GetObject() is { } nested ? nested.Unwrapped : (object)i.Value);

    public bool IsString() => false;

    public string GetString() => throw new NotSupportedException("An object is not a text.");

    public bool IsArray() => false;

    public IList<HoconValue> GetArray() => throw new NotSupportedException("An object is not an array.");

    /// <summary>The value of that name; null without one.</summary>
    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key)!;

    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value)) Items.Add(key, value = new HoconValue());
        return value;
    }

    /// <summary>Takes over the settings of another object; those win, and objects are merged.</summary>
    public void Merge(HoconObject other)
    {
        foreach (var (key, value) in other.Items)
            Items[key] = Items.TryGetValue(key, out var mine) ? Merged(mine, value) : value;
    }

    /// <summary>The later value, merged over the earlier one where both are objects.</summary>
    internal static HoconValue Merged(HoconValue earlier, HoconValue later)
    {
        if (earlier.GetObject() is not { } below || later.GetObject() is not { } above) return later;
        var merged = new HoconObject();
        merged.Merge(below);
        merged.Merge(above);
        return HoconValue.Of(merged);
    }

    public override string ToString() => ToString(0);

    /// <summary>The settings, one a line, without the braces around them.</summary>
    public string ToString(int indent)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Items)
            text.Append(' ', indent * 2).Append(HoconPath.Key(key)).Append(" : ").Append(value.ToString(indent + 1))
                .Append(Environment.NewLine);
        return text.ToString();
    }
}
