using System.Reflection;
using System.Runtime.CompilerServices;
using Hyperion.Wire;

namespace Hyperion.Codecs;

/// <summary>
/// An exception: message, stack trace as text, cause, and the fields that types outside the framework add.
/// </summary>
internal sealed class ExceptionCodec<T>(Serializer serializer) : ReferenceCodec<T>(serializer) where T : Exception
{
    private FieldsProgram<T>? _own;
    private Codec<Exception>? _cause;

    public override void WriteContent(Output output, T value)
    {
        output.WriteString(Message(value));
        output.WriteString(value.StackTrace);
        output.WriteInt32(value.HResult);
        _cause!.Write(output, value.InnerException!);
        _own!.Write(output, value);
    }

    public override T ReadContent(Input input, int slot)
    {
        var value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        input.SetObject(slot, value);
        Message(value) = input.ReadString();
        RemoteStackTrace(value) = input.ReadString();
        value.HResult = input.ReadInt32();
        Cause(value) = _cause!.Read(input);
        _own!.Read(input, ref value);
        return value;
    }

    protected override void Prepare()
    {
        _cause = Serializer.SlotFor<Exception>();
        _own = FieldsProgram<T>.Compile(Serializer, [.. FieldLayout.Of(typeof(T)).Where(IsOwn)]);
    }

    private static bool IsOwn(FieldInfo field) =>
        field is { Name: "_innerExceptions", DeclaringType: var declaring } && declaring == typeof(AggregateException)
        || field.DeclaringType!.Assembly.GetName().Name is var assembly &&
           assembly != "System" && assembly?.StartsWith("System.", StringComparison.Ordinal) == false;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? Message(Exception target);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_remoteStackTraceString")]
    private static extern ref string? RemoteStackTrace(Exception target);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? Cause(Exception target);
}
