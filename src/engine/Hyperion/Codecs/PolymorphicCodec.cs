using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>
/// A place whose static type says little: each value carries the number or the name of its own type.
/// </summary>
internal sealed class PolymorphicCodec<T>(Serializer serializer) : Codec<T>(serializer)
{
    private Codec? _last;

    public override void Write(Output output, T value)
    {
        if (value is null)
        {
            output.WriteByte(Tags.Null);
            return;
        }
        var type = value.GetType();
        var codec = _last;
        if (codec is null || !ReferenceEquals(codec.Type, type))
            _last = codec = Serializer.CodecFor(type);
        codec.WriteTagged(output, value);
    }

    public override T Read(Input input)
    {
        var value = Serializer.ReadTagged(input);
        if (value is null) return default(T) is null ? default! : throw Malformed.Value("null");
        return value is T expected ? expected : throw Malformed.Mismatch(typeof(T), value.GetType());
    }

    public override void WriteBody(Output output, object value) => throw new NotSupportedException();

    public override object ReadBody(Input input, int slot) => throw new NotSupportedException();
}

/// <summary>A type that never travels itself: something else takes its place on the wire.</summary>
internal sealed class SurrogateCodec(Serializer serializer, Type type, Surrogate surrogate) : Codec(serializer, type)
{
    protected override bool Gated => false;

    public override void WriteTagged(Output output, object value)
    {
        var replacement = surrogate.ToSurrogate(value);
        if (replacement.GetType() == Type)
            throw new InvalidOperationException($"The surrogate of {Type} is a {Type} itself.");
        output.Enter(Type);
        Serializer.CodecFor(replacement.GetType()).WriteTagged(output, replacement);
        output.Leave();
    }

    public override void WriteBody(Output output, object value) => throw new NotSupportedException();

    public override object ReadBody(Input input, int slot) =>
        throw Malformed.Value($"{Type}, which travels as another type only");
}
