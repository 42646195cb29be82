using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>The messages of the engine itself that any actor may meet.</summary>
public sealed class MiscMessageSerializer : SerializerWithStringManifest
{
    private readonly MessageForm _nested;
    private readonly MessageTable _messages;

    /// <summary>For the actor system whose actors the messages name.</summary>
    public MiscMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        _nested = new MessageForm(system);
        _messages = new MessageTable("the engine's messages")
            .Add("RWHB", RemoteWatcher.Heartbeat.Instance)
            .Add<RemoteWatcher.HeartbeatRsp>(
                "RWHR",
                static (writer, answer) => writer.WriteInt32(answer.AddressUid),
                static (ref reader) => new RemoteWatcher.HeartbeatRsp(reader.ReadInt32()))
            .Add<IActorRef>("AR", WriteRef, (ref reader) => ReadRef(ref reader) ?? ActorRefs.Nobody)
            .Add<Identify>(
                "ID",
                (writer, identify) => WriteNested(writer, identify.MessageId),
                (ref reader) => new Identify(ReadNested(ref reader)!))
            .Add<ActorIdentity>(
                "AID",
                (writer, identity) =>
                {
                    WriteRef(writer, identity.Subject);
                    WriteNested(writer, identity.MessageId);
                },
                (ref reader) =>
                {
                    var subject = ReadRef(ref reader);
                    return new ActorIdentity(ReadNested(ref reader)!, subject);
                })
            .Add("PP", PoisonPill.Instance)
            .Add("K", Kill.Instance)
            .Add<Status.Failure>(
                "SF",
                (writer, failure) =>
                {
                    ExceptionForm.Write(writer, failure.Cause);
                    WriteNested(writer, failure.State);
                },
                (ref reader) =>
                {
                    var cause = ExceptionForm.Read(ref reader);
                    return new Status.Failure(cause!, ReadNested(ref reader));
                })
            .Add<Status.Success>(
                "SS",
                (writer, success) => WriteNested(writer, success.Status),
                (ref reader) => new Status.Success(ReadNested(ref reader)));
    }

    /// <inheritdoc/>
    public override int Identifier => 16;

    /// <inheritdoc/>
    public override string Manifest(object o) => _messages.Manifest(o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => _messages.Write(obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => _messages.Read(bytes, manifest);

    private static void WriteRef(FrameWriter writer, IActorRef? actor) => writer.WriteString(
        actor is null || actor.IsNobody() ? "" : Akka.Serialization.Serialization.SerializedActorPath(actor));

    private IActorRef? ReadRef(ref FrameReader reader) =>
        reader.ReadString() is { Length: > 0 } path ? system.Provider.ResolveActorRef(path) : null;

    private void WriteNested(FrameWriter writer, object? value)
    {
        writer.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is not null) _nested.Write(writer, value);
    }

    private object? ReadNested(ref FrameReader reader) =>
        reader.ReadByte() == 0 ? null : _nested.Read(ref reader);
}

/// <summary>The cause of a failure: its type, if the other side has it too, its message and where it came from.
/// </summary>
internal static class ExceptionForm
{
    private const int Deepest = 16;

    public static void Write(FrameWriter writer, Exception? exception, int depth = 0)
    {
        if (exception is null || depth > Deepest)
        {
            writer.WriteByte(0);
            return;
        }
        writer.WriteByte(1);
        writer.WriteString($"{exception.GetType().FullName}, {exception.GetType().Assembly.GetName().Name}");
        writer.WriteString(exception.Message);
        Write(writer, exception.InnerException, depth + 1);
    }

    public static Exception? Read(ref FrameReader reader, int depth = 0)
    {
        if (reader.ReadByte() == 0) return null;
        if (depth > Deepest) throw new ProtocolException("An exception is nested too deeply.");
        var name = reader.ReadString();
        var message = reader.ReadString();
        var inner = Read(ref reader, depth + 1);
        return Create(name, message, inner) ?? new Exception($"{name.Split(',')[0]}: {message}", inner);
    }

    private static Exception? Create(string name, string message, Exception? inner)
    {
        // Only types of assemblies that this program has loaded: a name from outside must not load another.
        var (type, assembly) = name.Split(", ", 2) is [var t, var a] ? (t, a) : ("", "");
        var found = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(x => x.GetName().Name == assembly)
            ?.GetType(type);
        if (found is null || !found.IsSubclassOf(typeof(Exception)) && found != typeof(Exception)) return null;
        try
        {
            if (found.GetConstructor([typeof(string), typeof(Exception)]) is { } both)
                return (Exception)both.Invoke([message, inner]);
            return found.GetConstructor([typeof(string)]) is { } one ? (Exception)one.Invoke([message]) : null;
        }
        catch (System.Reflection.TargetInvocationException)
        {
            return null;
        }
    }
}
