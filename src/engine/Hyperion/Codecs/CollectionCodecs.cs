using System.Runtime.InteropServices;
using Hyperion.ValueSerializers;
using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>A list: its elements, without the spare room.</summary>
internal sealed class ListCodec<T>(Serializer serializer) : ReferenceCodec<List<T>>(serializer)
{
    private Codec<T>? _element;

    public override void WriteContent(Output output, List<T> value)
    {
        output.WriteUInt64((ulong)value.Count);
        foreach (var element in CollectionsMarshal.AsSpan(value)) _element!.Write(output, element);
    }

    public override List<T> ReadContent(Input input, int slot)
    {
        var count = input.ReadCount();
        var value = new List<T>(count);
        input.SetObject(slot, value);
        for (var i = 0; i < count; i++) value.Add(_element!.Read(input));
        return value;
    }

    protected override void Prepare() => _element = Serializer.SlotFor<T>();
}

/// <summary>A dictionary: its comparer, if it is one that another process has too, and its pairs.</summary>
internal sealed class DictionaryCodec<TKey, TValue>(Serializer serializer)
    : ReferenceCodec<Dictionary<TKey, TValue>>(serializer) where TKey : notnull
{
    private Codec<TKey>? _key;
    private Codec<TValue>? _value;

    public override void WriteContent(Output output, Dictionary<TKey, TValue> value)
    {
        Comparers.Write(output, Type, value.Comparer, EqualityComparer<TKey>.Default);
        output.WriteUInt64((ulong)value.Count);
        foreach (var (key, item) in value)
        {
            _key!.Write(output, key);
            _value!.Write(output, item);
        }
    }

    public override Dictionary<TKey, TValue> ReadContent(Input input, int slot)
    {
        var comparer = Comparers.Read(input) as IEqualityComparer<TKey>;
        var count = input.ReadCount();
        var value = new Dictionary<TKey, TValue>(count, comparer);
        input.SetObject(slot, value);
        for (var i = 0; i < count; i++)
        {
            var key = _key!.Read(input);
            var item = _value!.Read(input);
            if (key is null || !value.TryAdd(key, item)) throw Malformed.Value("dictionary key");
        }
        return value;
    }

    protected override void Prepare()
    {
        _key = Serializer.SlotFor<TKey>();
        _value = Serializer.SlotFor<TValue>();
    }
}

/// <summary>How a collection type is taken apart and put together.</summary>
/// <param name="Count">The number of elements.</param>
/// <param name="Comparer">The comparer and the one that it has by default, or null.</param>
/// <param name="Build">The collection out of its elements, in the order of enumeration.</param>
internal sealed record SequenceForm<TCollection, T>(
    Func<TCollection, int> Count,
    Func<TCollection, (object? Own, object? Default)>? Comparer,
    Func<T[], object?, TCollection> Build);

/// <summary>Any collection of the framework that can be rebuilt from its elements.</summary>
internal sealed class SequenceCodec<TCollection, T>(Serializer serializer, SequenceForm<TCollection, T> form)
    : ReferenceCodec<TCollection>(serializer) where TCollection : class, IEnumerable<T>
{
    private Codec<T>? _element;

    public override void WriteContent(Output output, TCollection value)
    {
        if (form.Comparer is { } comparer)
        {
            var (own, byDefault) = comparer(value);
            Comparers.Write(output, Type, own, byDefault);
        }
        var announced = form.Count(value);
        output.WriteUInt64((ulong)announced);
        var written = 0;
        foreach (var element in value)
        {
            _element!.Write(output, element);
            written++;
        }
        if (written != announced)
            throw new InvalidOperationException($"A {Type} changed while it was being serialised.");
    }

    public override TCollection ReadContent(Input input, int slot)
    {
        var comparer = form.Comparer is null ? null : Comparers.Read(input);
        var elements = new T[input.ReadCount()];
        for (var i = 0; i < elements.Length; i++) elements[i] = _element!.Read(input);
        var value = form.Build(elements, comparer);
        input.SetObject(slot, value);
        return value;
    }

    protected override void Prepare() => _element = Serializer.SlotFor<T>();
}

/// <summary>The comparers that exist in every process.</summary>
internal static class Comparers
{
    private const byte Default = 0;
    private const byte Ordinal = 1;
    private const byte OrdinalIgnoreCase = 2;

    public static void Write(Output output, Type collection, object? comparer, object? byDefault)
    {
        if (comparer is null || Equals(comparer, byDefault)) output.WriteByte(Default);
        else if (Equals(comparer, StringComparer.Ordinal)) output.WriteByte(Ordinal);
        else if (Equals(comparer, StringComparer.OrdinalIgnoreCase)) output.WriteByte(OrdinalIgnoreCase);
        else throw new UnsupportedTypeException(collection,
            $"A {collection} with a {comparer.GetType()} cannot be serialised.");
    }

    public static object? Read(Input input) => input.ReadByte() switch
    {
        Default => null,
        Ordinal => StringComparer.Ordinal,
        OrdinalIgnoreCase => StringComparer.OrdinalIgnoreCase,
        _ => throw Malformed.Value("comparer"),
    };
}
