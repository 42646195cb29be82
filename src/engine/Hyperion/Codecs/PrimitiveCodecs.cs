using System.Reflection;
using System.Runtime.CompilerServices;
using Hyperion.Types;
using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>The types that the wire format has a form of its own for.</summary>
internal static class Primitives
{
    /// <summary>In the order of their numbers on the wire.</summary>
    private static readonly Type[] Order =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(char), typeof(int),
        typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal),
        typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid), typeof(string),
    ];

    private static readonly Dictionary<Type, (MethodInfo Write, MethodInfo Read)> Methods = Order.ToDictionary(
        t => t, t => (typeof(Output).GetMethod("Write" + t.Name)!, typeof(Input).GetMethod("Read" + t.Name)!));

    /// <summary>The methods of the wire that write and read the type, if it is a primitive or an enum.</summary>
    public static bool TryGetMethods(Type type, out MethodInfo write, out MethodInfo read)
    {
        var found = Methods.TryGetValue(type.IsEnum ? type.GetEnumUnderlyingType() : type, out var pair);
        if (type == typeof(byte[]))
            (found, pair) = (true, (typeof(Output).GetMethod("WriteBytes")!, typeof(Input).GetMethod("ReadBytes")!));
        (write, read) = pair;
        return found;
    }

    /// <summary>The codecs of all types that have fixed numbers.</summary>
    public static IEnumerable<Codec> BuiltIn(Serializer serializer) =>
    [
        new ObjectCodec(serializer), new TypeCodec(serializer), new BytesCodec(serializer),
        .. Order.Select(t => Create(serializer, t)),
    ];

    public static Codec Create(Serializer serializer, Type type) =>
        (Codec)Activator.CreateInstance(typeof(PrimitiveCodec<>).MakeGenericType(type), serializer)!;
}

/// <summary>A primitive, a string or an enum where a codec object is asked for: boxed, or as an element.</summary>
internal sealed class PrimitiveCodec<T> : Codec<T>
{
    private readonly Action<Output, T> _write;
    private readonly Func<Input, T> _read;

    public PrimitiveCodec(Serializer serializer) : base(serializer)
    {
        if (!Primitives.TryGetMethods(typeof(T), out var write, out var read))
            throw new ArgumentException($"{typeof(T)} is no primitive.");
        if (typeof(T).IsEnum)
        {
            var form = typeof(EnumForm<,>).MakeGenericType(typeof(T), typeof(T).GetEnumUnderlyingType());
            var instance = Activator.CreateInstance(form, write, read)!;
            write = form.GetMethod("Write")!;
            read = form.GetMethod("Read")!;
            _write = write.CreateDelegate<Action<Output, T>>(instance);
            _read = read.CreateDelegate<Func<Input, T>>(instance);
            return;
        }
        _write = write.CreateDelegate<Action<Output, T>>();
        _read = read.CreateDelegate<Func<Input, T>>();
    }

    protected override bool Gated => typeof(T).IsEnum;

    public override void Write(Output output, T value) => _write(output, value);

    public override T Read(Input input) => _read(input);

    public override void WriteBody(Output output, object value) => _write(output, (T)value);

    public override object ReadBody(Input input, int slot) => _read(input) ?? throw Malformed.Value("null");
}

/// <summary>An enum travels as its number.</summary>
internal sealed class EnumForm<T, TNumber>(MethodInfo write, MethodInfo read)
{
    private readonly Action<Output, TNumber> _write = write.CreateDelegate<Action<Output, TNumber>>();
    private readonly Func<Input, TNumber> _read = read.CreateDelegate<Func<Input, TNumber>>();

    public void Write(Output output, T value) => _write(output, Unsafe.As<T, TNumber>(ref value));

    public T Read(Input input)
    {
        var number = _read(input);
        return Unsafe.As<TNumber, T>(ref number);
    }
}

/// <summary>A byte array: one copy in, one copy out.</summary>
internal sealed class BytesCodec(Serializer serializer) : Codec<byte[]>(serializer)
{
    protected override bool Gated => false;

    public override void Write(Output output, byte[] value) => output.WriteBytes(value);

    public override byte[] Read(Input input) => input.ReadBytes()!;

    public override void WriteBody(Output output, object value) => output.WriteBytes((byte[])value);

    public override object ReadBody(Input input, int slot) => input.ReadBytes() ?? throw Malformed.Value("null");
}

/// <summary>A bare <c>new object()</c>.</summary>
internal sealed class ObjectCodec(Serializer serializer) : ReferenceCodec<object>(serializer)
{
    protected override bool Gated => false;

    public override void WriteContent(Output output, object value)
    {
    }

    public override object ReadContent(Input input, int slot)
    {
        var value = new object();
        input.SetObject(slot, value);
        return value;
    }
}

/// <summary>A <see cref="System.Type"/> travels as its name, and only if the filter allows that type.</summary>
internal sealed class TypeCodec(Serializer serializer) : ReferenceCodec<Type>(serializer)
{
    protected override bool Tracked => false;

    protected override bool Gated => false;

    public override void WriteContent(Output output, Type value)
    {
        var name = TypeNames.ShortName(value);
        if (!Primitives.TryGetMethods(value, out _, out _)) Serializer.Gate.Check(name);
        output.WriteString(name);
    }

    public override Type ReadContent(Input input, int slot) =>
        Serializer.TypeForName(input.ReadString() ?? throw Malformed.Value("null"));
}
