using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>An array of numbers: the memory as it is (little-endian).</summary>
internal sealed class BlockArrayCodec<T>(Serializer serializer) : ReferenceCodec<T[]>(serializer) where T : unmanaged
{
    protected override bool Gated => false;

    public override void WriteContent(Output output, T[] value) =>
        output.WriteBlock(MemoryMarshal.AsBytes<T>(value));

    public override T[] ReadContent(Input input, int slot)
    {
        var bytes = input.ReadBlock();
        if (bytes.Length % Unsafe.SizeOf<T>() != 0) throw Malformed.Value("length");
        var value = MemoryMarshal.Cast<byte, T>(bytes).ToArray();
        input.SetObject(slot, value);
        return value;
    }
}

/// <summary>An array of one dimension, element by element.</summary>
internal sealed class ArrayCodec<T>(Serializer serializer, bool gated) : ReferenceCodec<T[]>(serializer)
{
    private Codec<T>? _element;

    public ArrayCodec(Serializer serializer) : this(serializer, true)
    {
    }

    protected override bool Gated => gated;

    public override void WriteContent(Output output, T[] value)
    {
        output.WriteUInt64((ulong)value.Length);
        foreach (var element in value) _element!.Write(output, element);
    }

    public override T[] ReadContent(Input input, int slot)
    {
        var value = new T[input.ReadCount()];
        input.SetObject(slot, value);
        for (var i = 0; i < value.Length; i++) value[i] = _element!.Read(input);
        return value;
    }

    protected override void Prepare() => _element = Serializer.SlotFor<T>();
}

/// <summary>An immutable array; the uninitialised one stays so.</summary>
internal sealed class ImmutableArrayCodec<T>(Serializer serializer) : ValueCodec<ImmutableArray<T>>(serializer)
{
    private Codec<T[]>? _array;

    public override void Write(Output output, ImmutableArray<T> value)
    {
        Ready();
        _array!.Write(output, ImmutableCollectionsMarshal.AsArray(value)!);
    }

    public override ImmutableArray<T> Read(Input input)
    {
        Ready();
        return ImmutableCollectionsMarshal.AsImmutableArray(_array!.Read(input));
    }

    protected override void Prepare() => _array = Serializer.ArrayPart<T>();
}

/// <summary>A stretch of memory travels as the array of what it covers.</summary>
internal sealed class MemoryCodec<T>(Serializer serializer) : ValueCodec<ReadOnlyMemory<T>>(serializer)
{
    private Codec<T[]>? _array;

    public override void Write(Output output, ReadOnlyMemory<T> value)
    {
        Ready();
        var whole = MemoryMarshal.TryGetArray(value, out var segment) && segment.Array is { } array &&
                    array.Length == value.Length
            ? array
            : value.ToArray();
        _array!.Write(output, whole);
    }

    public override ReadOnlyMemory<T> Read(Input input)
    {
        Ready();
        return _array!.Read(input);
    }

    protected override void Prepare() => _array = Serializer.ArrayPart<T>();
}

/// <summary>A value or nothing.</summary>
internal sealed class NullableCodec<T>(Serializer serializer) : Codec<T?>(serializer) where T : struct
{
    private Codec<T>? _value;

    protected override bool Gated => false;

    public override void Write(Output output, T? value)
    {
        Ready();
        output.WriteBoolean(value.HasValue);
        if (value.HasValue) _value!.Write(output, value.GetValueOrDefault());
    }

    public override T? Read(Input input)
    {
        Ready();
        return input.ReadBoolean() ? _value!.Read(input) : null;
    }

    public override void WriteBody(Output output, object value) => throw new NotSupportedException();

    public override object ReadBody(Input input, int slot) => throw Malformed.Value("nullable");

    protected override void Prepare() => _value = Serializer.SlotFor<T>();
}
