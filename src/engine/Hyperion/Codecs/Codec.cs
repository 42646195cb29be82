using System.Text;
using Hyperion.Types;
using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>
/// Writes and reads values of one type. Codecs are cached per serializer and shared by all threads. A codec asks the
/// type filter, and prepares whatever it compiles, when the first value passes through it.
/// </summary>
internal abstract class Codec(Serializer serializer, Type type)
{
    private volatile bool _ready;
    private byte[]? _name;
    private int _fingerprint;

    public Type Type { get; } = type;

    /// <summary>The number of a built-in or known type, or 0 for a type that travels by name.</summary>
    public uint Tag { get; set; }

    /// <summary>Turns a value that travelled in the place of another into that other, if this type does so.</summary>
    public Func<object, object>? FromSurrogate { get; set; }

    /// <summary>A hash of the names and types of the fields, 0 if the type does not travel by its fields.</summary>
    public int Fingerprint => _fingerprint != 0 ? _fingerprint : _fingerprint = ComputeFingerprint();

    protected Serializer Serializer { get; } = serializer;

    /// <summary>Whether values have an identity to preserve.</summary>
    protected virtual bool Tracked => false;

    /// <summary>Whether the filter is asked for this type.</summary>
    protected virtual bool Gated => true;

    public abstract void WriteBody(Output output, object value);

    /// <param name="slot">The object number that <see cref="Input.SetObject"/> gets, or -1.</param>
    public abstract object ReadBody(Input input, int slot);

    /// <summary>Writes a value of exactly this type where the reader does not know its type.</summary>
    public virtual void WriteTagged(Output output, object value)
    {
        Ready();
        if (Tracked)
        {
            var id = output.ObjectOrAdd(value);
            if (id >= 0)
            {
                output.WriteByte(Tags.Reference);
                output.WriteUInt32((uint)id);
                return;
            }
        }
        WriteType(output);
        output.Enter(Type);
        WriteBody(output, value);
        output.Leave();
    }

    /// <summary>Reads what <see cref="WriteTagged"/> wrote after the type.</summary>
    public object ReadTagged(Input input)
    {
        Ready();
        var slot = Tracked ? input.ReserveObject() : -1;
        input.Enter(Type);
        var value = ReadBody(input, slot);
        input.Leave();
        if (FromSurrogate is not { } restore) return value;
        value = restore(value);
        input.SetObject(slot, value);
        return value;
    }

    protected void Ready()
    {
        if (!_ready) PrepareOnce();
    }

    protected virtual int ComputeFingerprint() => 0;

    /// <summary>Finds the codecs of the parts. May run more than once, on several threads.</summary>
    protected virtual void Prepare()
    {
    }

    private void PrepareOnce()
    {
        if (Gated) Serializer.Gate.Check(Type);
        Prepare();
        _ready = true;
    }

    private void WriteType(Output output)
    {
        if (Tag != 0)
        {
            output.WriteUInt32(Tag);
            return;
        }
        var index = output.IndexOrAdd(Type);
        if (index >= 0)
        {
            output.WriteUInt32(Serializer.FirstLocalTag + (uint)index);
            return;
        }
        output.WriteByte(Tags.Named);
        output.WriteBlock(_name ??= Encoding.UTF8.GetBytes(TypeNames.ShortName(Type)));
        if (Serializer.Options.VersionTolerance) output.WriteFixed32(Fingerprint);
    }
}

/// <summary>What stands where a value of unknown type begins. Types have the numbers after these.</summary>
internal static class Tags
{
    public const byte Null = 0;
    public const byte Reference = 1;
    public const byte Named = 2;
    public const byte FirstBuiltIn = 3;
}

/// <summary>A codec for a place whose static type is <typeparamref name="T"/>.</summary>
internal abstract class Codec<T>(Serializer serializer) : Codec(serializer, typeof(T))
{
    public abstract void Write(Output output, T value);

    public abstract T Read(Input input);
}

/// <summary>A value type: it is written in place.</summary>
internal abstract class ValueCodec<T>(Serializer serializer) : Codec<T>(serializer)
{
    public sealed override void WriteBody(Output output, object value) => Write(output, (T)value);

    public sealed override object ReadBody(Input input, int slot) => Read(input)!;
}

/// <summary>A class whose objects are exactly of that class: null, present, or the number of an earlier object.
/// </summary>
internal abstract class ReferenceCodec<T>(Serializer serializer) : Codec<T>(serializer) where T : class
{
    private const byte Absent = 0;
    private const byte Present = 1;
    private const byte FirstReference = 2;

    private readonly bool _tracked = serializer.Options.PreserveObjectReferences;

    protected override bool Tracked => _tracked;

    public abstract void WriteContent(Output output, T value);

    public abstract T ReadContent(Input input, int slot);

    public sealed override void WriteBody(Output output, object value) => WriteContent(output, (T)value);

    public sealed override object ReadBody(Input input, int slot) => ReadContent(input, slot);

    public sealed override void Write(Output output, T? value)
    {
        if (value is null)
        {
            output.WriteByte(Absent);
            return;
        }
        Ready();
        if (Tracked)
        {
            var id = output.ObjectOrAdd(value);
            if (id >= 0)
            {
                output.WriteUInt32((uint)id + FirstReference);
                return;
            }
        }
        output.WriteByte(Present);
        output.Enter(Type);
        WriteContent(output, value);
        output.Leave();
    }

    public sealed override T Read(Input input)
    {
        var mark = input.ReadUInt32();
        if (mark == Absent) return null!;
        if (mark >= FirstReference)
            return input.ObjectAt(mark - FirstReference) is var found && found is T same
                ? same
                : throw Malformed.Mismatch(Type, found.GetType());
        Ready();
        var slot = Tracked ? input.ReserveObject() : -1;
        input.Enter(Type);
        var value = ReadContent(input, slot);
        input.Leave();
        return value;
    }
}
