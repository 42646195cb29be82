using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Transport;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>The messages of the engine itself that any actor may meet.</summary>
public sealed class MiscMessageSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string IdentifyManifest = "ID";
    private const string IdentityManifest = "AID";
    private const string RefManifest = "AR";
    private const string PoisonManifest = "PP";
    private const string KillManifest = "K";
    private const string FailureManifest = "SF";
    private const string SuccessManifest = "SS";
    private const string HeartbeatManifest = "RWHB";
    private const string HeartbeatAnswerManifest = "RWHR";

    private readonly MessageForm _nested = new(system);

    /// <inheritdoc/>
    public override int Identifier => 16;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        RemoteWatcher.Heartbeat => HeartbeatManifest,
        RemoteWatcher.HeartbeatRsp => HeartbeatAnswerManifest,
        IActorRef => RefManifest,
        Identify => IdentifyManifest,
        ActorIdentity => IdentityManifest,
        PoisonPill => PoisonManifest,
        Kill => KillManifest,
        Status.Failure => FailureManifest,
        Status.Success => SuccessManifest,
        _ => throw new ArgumentException($"[{o.GetType()}] is not one of the engine's messages."),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        var writer = new FrameWriter();
        switch (obj)
        {
            case RemoteWatcher.Heartbeat or PoisonPill or Kill:
                break;
            case RemoteWatcher.HeartbeatRsp answer:
                writer.WriteInt32(answer.AddressUid);
                break;
            case IActorRef actor:
                WriteRef(writer, actor);
                break;
            case Identify identify:
                WriteNested(writer, identify.MessageId);
                break;
            case ActorIdentity identity:
                WriteRef(writer, identity.Subject);
                WriteNested(writer, identity.MessageId);
                break;
            case Status.Success success:
                WriteNested(writer, success.Status);
                break;
            case Status.Failure failure:
                ExceptionForm.Write(writer, failure.Cause);
                WriteNested(writer, failure.State);
                break;
            default:
                throw new ArgumentException($"[{obj.GetType()}] is not one of the engine's messages.");
        }
        return writer.Written.ToArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new FrameReader(bytes, 0, bytes.Length);
        try
        {
            switch (manifest)
            {
                case HeartbeatManifest: return RemoteWatcher.Heartbeat.Instance;
                case HeartbeatAnswerManifest: return new RemoteWatcher.HeartbeatRsp(reader.ReadInt32());
                case RefManifest: return ReadRef(ref reader) ?? ActorRefs.Nobody;
                case PoisonManifest: return PoisonPill.Instance;
                case KillManifest: return Kill.Instance;
                case IdentifyManifest: return new Identify(ReadNested(ref reader)!);
                case IdentityManifest:
                    var subject = ReadRef(ref reader);
                    return new ActorIdentity(ReadNested(ref reader)!, subject);
                case SuccessManifest: return new Status.Success(ReadNested(ref reader));
                case FailureManifest:
                    var cause = ExceptionForm.Read(ref reader);
                    return new Status.Failure(cause!, ReadNested(ref reader));
                default: throw new SerializationException($"[{manifest}] is none of the engine's messages.");
            }
        }
        catch (ProtocolException e)
        {
            throw new SerializationException(e.Message, e);
        }
    }

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
