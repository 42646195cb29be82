using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>The value of a setting: one element, or several that together make a text, array or object.</summary>
public class HoconValue : IMightBeAHoconObject
{
    public HoconValue()
        : this([])
    {
    }

    public HoconValue(List<IHoconElement> values, bool adoptedFromFallback = true) => Values = values;

    internal static HoconValue Of(IHoconElement element) => new([element]);

    public List<IHoconElement> Values { get; private set; }

    /// <summary>While a text is parsed: what was assigned to the same setting before.</summary>
    internal HoconValue? Previous { get; set; }

    public bool IsEmpty => Values.Count == 0 || Values[0] is HoconObject { Items.Count: 0 };

    public void AppendValue(IHoconElement value) => Values.Add(value);

    public void Clear() => Values.Clear();

    public void NewValue(IHoconElement value) => Values = [value];

    internal void Replace(List<IHoconElement> values) => Values = values;

    public Config ToConfig() => new(new HoconRoot(this));

    /// <summary>A configuration with this value as its only setting.</summary>
    public Config AtKey(string key)
    {
        var root = new HoconObject();
        root.Items.Add(key, this);
        return Of(root).ToConfig();
    }

    public bool IsObject() => GetObject() is not null;

    /// <summary>The object that this value is; null if it is something else.</summary>
    public HoconObject GetObject() => (Values.Count == 0 ? null : Values[0] switch
    {
        HoconObject o => o,
        IMightBeAHoconObject other when other.IsObject() => other.GetObject(),
        _ => null,
    })!;

    public HoconValue GetChildObject(string key) => GetObject()?.GetKey(key)!;

    public bool IsArray() => Values.Exists(v => v.IsArray());

    public IList<HoconValue> GetArray()
    {
        var array = Values.Where(v => v.IsArray()).SelectMany(v => v.GetArray()).ToList();
        if (array.Count == 0 && !IsArray() && !string.IsNullOrEmpty(GetString()))
            throw new FormatException($"'{GetString()}' is not a list; lists are written [ a, b ]");
        return array;
    }

    public bool IsString() => Values.Count > 0 && Values.TrueForAll(v => v.IsString());

    /// <summary>
    /// The text, without white space around it; null for objects, arrays and <c>null</c> (quoted or not, as in
    /// Akka.NET).
    /// </summary>
    public string GetString()
    {
        if (!IsString()) return null!;
        var text = Values.Count == 1 ? Values[0].GetString() : string.Concat(Values.Select(v => v.GetString()));
        text = text?.Trim();
        return text == "null" ? null! : text!;
    }

    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw new NotSupportedException($"{Shown} is not a boolean; write on, off, true or false"),
    };

    public byte GetByte() => Number<byte>("a whole number from 0 to 255");

    public int GetInt() => Number<int>("a whole number of 32 bits");

    public long GetLong() => Number<long>("a whole number of 64 bits");

    public float GetFloat() => Number<float>("a number");

    public double GetDouble() => Number<double>("a number");

    public decimal GetDecimal() => Number<decimal>("a decimal number");

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.Duration(GetString(), allowInfinite);

    public long? GetByteSize() => GetString() is { Length: > 0 } text ? HoconUnits.Bytes(text) : null;

    public IList<byte> GetByteList() => ListOf(v => v.GetByte());

    public IList<int> GetIntList() => ListOf(v => v.GetInt());

    public IList<long> GetLongList() => ListOf(v => v.GetLong());

    public IList<bool> GetBooleanList() => ListOf(v => v.GetBoolean());

    public IList<float> GetFloatList() => ListOf(v => v.GetFloat());

    public IList<double> GetDoubleList() => ListOf(v => v.GetDouble());

    public IList<decimal> GetDecimalList() => ListOf(v => v.GetDecimal());

    public IList<string> GetStringList() => ListOf(v => v.GetString());

    public override string ToString() => ToString(0);

    public virtual string ToString(int indent)
    {
        if (GetObject() is { } o)
            return indent == 0
                ? o.ToString(0)
                : $"{{{Environment.NewLine}{o.ToString(indent)}{new string(' ', (indent - 1) * 2)}}}";
        if (IsArray()) return $"[{string.Join(", ", GetArray().Select(e => e.ToString(indent + 1)))}]";
        return GetString() is { } text ? HoconPath.Text(text) : "null";
    }

    string Shown => GetString() is { } text ? $"'{text}'" : IsObject() ? "an object" : IsArray() ? "a list" : "null";

    T Number<T>(string what) where T : struct, ISpanParsable<T>, System.Numerics.INumberBase<T>
    {
        var style = typeof(T) == typeof(decimal) ? NumberStyles.Number
            : typeof(T) == typeof(double) || typeof(T) == typeof(float)
                ? NumberStyles.Float | NumberStyles.AllowThousands
                : NumberStyles.Integer;
        return T.TryParse(GetString(), style, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{Shown} is not {what}");
    }

    List<T> ListOf<T>(Func<HoconValue, T> read) => [.. GetArray().Select(read)];
}
