using System.Reflection;
using System.Runtime.CompilerServices;
using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>A class by its fields, those of the base classes first. No constructor runs on reading.</summary>
internal sealed class FieldsCodec<T>(Serializer serializer) : ReferenceCodec<T>(serializer) where T : class
{
    private FieldsProgram<T>? _program;

    protected override int ComputeFingerprint() => FieldLayout.Fingerprint(typeof(T));

    public override void WriteContent(Output output, T value) => _program!.Write(output, value);

    public override T ReadContent(Input input, int slot)
    {
        var value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        input.SetObject(slot, value);
        _program!.Read(input, ref value);
        return value;
    }

    protected override void Prepare()
    {
        if (typeof(T).IsAbstract || typeof(T).IsInterface)
            throw Malformed.Value($"{typeof(T)}, which has no instances");
        _program = FieldsProgram<T>.Compile(Serializer, FieldLayout.Of(typeof(T)));
    }
}

/// <summary>A struct by its fields; one byte if it has none, so that no element of a message is free.</summary>
internal sealed class StructFieldsCodec<T>(Serializer serializer) : ValueCodec<T>(serializer) where T : struct
{
    private FieldsProgram<T>? _program;
    private bool _empty;

    protected override int ComputeFingerprint() => FieldLayout.Fingerprint(typeof(T));

    public override void Write(Output output, T value)
    {
        Ready();
        if (_empty) output.WriteByte(0);
        _program!.Write(output, value);
    }

    public override T Read(Input input)
    {
        Ready();
        if (_empty) input.ReadByte();
        var value = default(T);
        _program!.Read(input, ref value);
        return value;
    }

    protected override void Prepare()
    {
        var fields = FieldLayout.Of(typeof(T));
        _empty = fields.Count == 0;
        _program = FieldsProgram<T>.Compile(Serializer, fields);
    }
}

/// <summary>Which fields of a type travel, and in what order.</summary>
internal static class FieldLayout
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<FieldInfo> Of(Type type)
    {
        var levels = new Stack<Type>();
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
            levels.Push(t);
        return [.. levels.SelectMany(OwnFields)];
    }

    public static IEnumerable<FieldInfo> OwnFields(Type level) => level
        .GetFields(Declared)
        .Where(f => !f.IsDefined(typeof(IgnoreAttribute)))
        .OrderBy(f => f.MetadataToken);

    /// <summary>A hash of the field names and types, through all types that are written in place. Never 0.</summary>
    public static int Fingerprint(Type type)
    {
        var hash = 2166136261u;
        Add(type, [], ref hash);
        return hash == 0 ? 1 : (int)hash;
    }

    private static void Add(Type type, HashSet<Type> seen, ref uint hash)
    {
        if (!seen.Add(type) || Primitives.TryGetMethods(type, out _, out _)) return;
        foreach (var field in Of(type))
        {
            Add(field.Name, ref hash);
            Add(field.FieldType.FullName ?? field.FieldType.Name, ref hash);
            if (field.FieldType is { IsValueType: true } or { IsSealed: true, IsArray: false })
                Add(field.FieldType, seen, ref hash);
        }
    }

    private static void Add(string text, ref uint hash)
    {
        // The assembly versions in the names of generic arguments are no difference.
        var depth = 0;
        foreach (var c in text)
        {
            if (c == '[') depth++;
            if (c == ',' && depth > 0) depth = -1000;
            if (c == ']' && depth < 0) depth = 0;
            if (depth >= 0) hash = (hash ^ c) * 16777619;
        }
    }
}
