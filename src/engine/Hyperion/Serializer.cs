using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using System.Security;
using System.Text;
using Hyperion.Codecs;
using Hyperion.Types;
using Hyperion.ValueSerializers;
using Hyperion.Wire;

namespace Hyperion;

/// <summary>
/// Turns objects into bytes and back, by their fields. Safe for any number of threads; create one and keep it, because
/// it compiles and caches a program for each type.
/// </summary>
public class Serializer
{
    [ThreadStatic] private static Output? _spareOutput;
    [ThreadStatic] private static Input? _spareInput;

    /// <summary>How this serializer works.</summary>
    public readonly SerializerOptions Options;

    internal readonly TypeGate Gate;
    internal readonly uint FirstLocalTag;

    private readonly ConcurrentDictionary<Type, Codec> _codecs = new();
    private readonly ConcurrentDictionary<Type, Codec> _slots = new();
    private readonly ConcurrentDictionary<byte[], Codec> _byName = new(ByteKeys.Instance);
    private readonly ConcurrentDictionary<byte[], Codec>.AlternateLookup<ReadOnlySpan<byte>> _byNameBytes;
    private readonly Codec[] _numbered;

    /// <summary>A serializer with the default options.</summary>
    public Serializer() : this(SerializerOptions.Default)
    {
    }

    /// <summary>A serializer with these options.</summary>
    public Serializer(SerializerOptions options)
    {
        Options = options;
        Gate = new TypeGate(options.DisallowUnsafeTypes, options.TypeFilter);
        _byNameBytes = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();
        var builtIn = Primitives.BuiltIn(this).ToArray();
        foreach (var codec in builtIn) _codecs[codec.Type] = codec;
        _numbered = [.. builtIn, .. options.KnownTypes.Except(builtIn.Select(c => c.Type)).Select(CodecFor)];
        for (var i = 0; i < _numbered.Length; i++) _numbered[i].Tag = (uint)i + Tags.FirstBuiltIn;
        FirstLocalTag = (uint)_numbered.Length + Tags.FirstBuiltIn;
    }

    /// <summary>Appends the object to the stream.</summary>
    /// <exception cref="SecurityException">A type is refused by the filter or as dangerous; it is named.</exception>
    /// <exception cref="UnsupportedTypeException">A type cannot travel; it is named.</exception>
    public void Serialize(object obj, Stream stream)
    {
        var output = Write(obj);
        try
        {
            stream.Write(output.Written);
        }
        finally
        {
            Return(output);
        }
    }

    /// <summary>Appends the object to the stream. Each message is complete in itself, whatever the session.</summary>
    public void Serialize(object obj, Stream stream, SerializerSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Serialize(obj, stream);
    }

    /// <summary>Reads one object; the stream stands after it if it can seek, else at its end.</summary>
    /// <exception cref="SerializationException">The bytes are no message of this serializer.</exception>
    /// <exception cref="SecurityException">A type is refused by the filter or as dangerous; it is named.</exception>
    public object Deserialize(Stream stream)
    {
        if (stream is MemoryStream memory && memory.TryGetBuffer(out var segment))
        {
            var position = (int)memory.Position;
            var value = Read(segment.Array!, segment.Offset + position, (int)memory.Length - position, out var used);
            memory.Position = position + used;
            return value;
        }
        var start = stream.CanSeek ? stream.Position : 0;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var result = Read(copy.GetBuffer(), 0, (int)copy.Length, out var count);
        if (stream.CanSeek) stream.Position = start + count;
        return result;
    }

    /// <inheritdoc cref="Deserialize(Stream)"/>
    public object Deserialize(Stream stream, DeserializerSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Deserialize(stream);
    }

    /// <inheritdoc cref="Deserialize(Stream)"/>
    public T Deserialize<T>(Stream stream) => Deserialize(stream) is var value && value is T expected
        ? expected
        : throw Malformed.Mismatch(typeof(T), value.GetType());

    /// <inheritdoc cref="Deserialize(Stream)"/>
    public T Deserialize<T>(Stream stream, DeserializerSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Deserialize<T>(stream);
    }

    /// <summary>A session for <see cref="Serialize(object, Stream, SerializerSession)"/>.</summary>
    public SerializerSession GetSerializerSession() => new(this);

    /// <summary>A session for <see cref="Deserialize(Stream, DeserializerSession)"/>.</summary>
    public DeserializerSession GetDeserializerSession() => new(this);

    /// <summary>The object as bytes; give the output back with <see cref="Return"/> when they are copied.</summary>
    internal Output Write(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var output = _spareOutput ?? new Output();
        _spareOutput = null;
        try
        {
            CodecFor(obj.GetType()).WriteTagged(output, obj);
            return output;
        }
        catch
        {
            Return(output);
            throw;
        }
    }

    internal static void Return(Output output)
    {
        output.Reset();
        _spareOutput = output;
    }

    internal object Read(byte[] buffer, int offset, int count, out int used)
    {
        var input = _spareInput ?? new Input();
        _spareInput = null;
        input.Open(buffer, offset, count);
        try
        {
            var value = ReadTagged(input) ?? throw Malformed.Value("null");
            used = input.Position - offset;
            return value;
        }
        catch (Exception e) when (e is not (SerializationException or SecurityException or OutOfMemoryException))
        {
            throw new SerializationException($"The message cannot be read: {e.Message}", e);
        }
        finally
        {
            input.Reset();
            _spareInput = input;
        }
    }

    /// <summary>The codec for objects of exactly that type.</summary>
    internal Codec CodecFor(Type type) =>
        _codecs.TryGetValue(type, out var codec)
            ? codec
            : _codecs.GetOrAdd(type, static (t, self) => CodecFactory.Create(self, t), this);

    /// <summary>The codec for a place of that static type.</summary>
    internal Codec<T> SlotFor<T>() => (Codec<T>)SlotFor(typeof(T));

    /// <inheritdoc cref="SlotFor{T}"/>
    internal Codec SlotFor(Type type)
    {
        if (_slots.TryGetValue(type, out var slot)) return slot;
        slot = IsExact(type) && CodecFor(type) is var codec and not SurrogateCodec && codec.FromSurrogate is null
            ? codec
            : (Codec)Activator.CreateInstance(typeof(PolymorphicCodec<>).MakeGenericType(type), this)!;
        return _slots.GetOrAdd(type, slot);
    }

    /// <summary>For the array inside another collection, which has asked the filter for itself.</summary>
    internal Codec<T[]> ArrayPart<T>() =>
        CodecFor(typeof(T[])) is Codec<T[]> codec and not ArrayCodec<T> ? codec : new ArrayCodec<T>(this, false);

    internal object? ReadTagged(Input input)
    {
        var tag = input.ReadUInt32();
        switch (tag)
        {
            case Tags.Null: return null;
            case Tags.Reference: return input.ObjectAt(input.ReadUInt32());
            case Tags.Named:
                var codec = CodecForName(input.ReadBlock());
                if (Options.VersionTolerance && input.ReadFixed32() != codec.Fingerprint)
                    throw Malformed.Layout(codec.Type);
                input.AddType(codec);
                return codec.ReadTagged(input);
            default:
                var number = tag - Tags.FirstBuiltIn;
                return number < (uint)_numbered.Length
                    ? _numbered[number].ReadTagged(input)
                    : input.TypeAt(tag - FirstLocalTag).ReadTagged(input);
        }
    }

    /// <summary>The type of a name from outside, if it may travel.</summary>
    internal Type TypeForName(string name)
    {
        foreach (var rename in Options.PackageNameOverrides)
        {
            var renamed = rename(name);
            if (ReferenceEquals(renamed, name)) continue;
            name = renamed;
            break;
        }
        if (PlainTypes.TryGetValue(name, out var plain)) return plain;
        Gate.Check(name);
        return TypeNames.Load(name);
    }

    // Types that need no permission, because values of theirs need none either.
    private static readonly Dictionary<string, Type> PlainTypes = new[]
    {
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(char), typeof(int),
        typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(DateTime),
        typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid), typeof(string), typeof(byte[]), typeof(sbyte[]),
        typeof(short[]), typeof(ushort[]), typeof(char[]), typeof(int[]), typeof(uint[]), typeof(long[]),
        typeof(ulong[]), typeof(float[]), typeof(double[]),
    }.ToDictionary(TypeNames.ShortName);

    private Codec CodecForName(ReadOnlySpan<byte> name)
    {
        if (_byNameBytes.TryGetValue(name, out var known)) return known;
        var codec = CodecFor(TypeForName(Encoding.UTF8.GetString(name)));
        _byNameBytes[name] = codec;
        return codec;
    }

    /// <summary>Whether a place of that type can hold objects of exactly that type only.</summary>
    private static bool IsExact(Type type) =>
        type.IsValueType || type == typeof(Type) ||
        (type.IsArray ? IsExact(type.GetElementType()!) : type.IsSealed);

    private sealed class ByteKeys : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly ByteKeys Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] bytes) => GetHashCode(bytes.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> bytes)
        {
            var hash = new HashCode();
            hash.AddBytes(bytes);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
