using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote.Transport;

/// <summary>
/// The numbered system messages that the other side has not acknowledged, encoded. They survive their connection and
/// are sent again over the next, until the remote system runs anew.
/// </summary>
internal sealed class SystemMessageBuffer(int capacity)
{
    private readonly LinkedList<(ulong Number, byte[] Frame)> _kept = [];
    private LinkedListNode<(ulong Number, byte[] Frame)>? _unsent;
    private ulong _last;

    public int Count => _kept.Count;

    /// <summary>False if the buffer is full.</summary>
    public bool TryAdd(Remoting remoting, RemoteActorRef recipient, ISystemMessage message)
    {
        if (_kept.Count >= capacity) return false;
        var writer = new FrameWriter();
        var start = writer.BeginFrame(FrameKind.System);
        writer.WriteVarint(_last + 1);
        if (!SystemMessageForm.TryWrite(writer, remoting.Local, recipient, message))
        {
            remoting.Log.Warning($"A {message.GetType().Name} cannot be sent to [{recipient}]: " +
                                 "this engine has no remote deployment.");
            return true;
        }
        writer.EndFrame(start);
        var node = _kept.AddLast((++_last, writer.Written.ToArray()));
        _unsent ??= node;
        return true;
    }

    public void WriteUnsent(FrameWriter writer)
    {
        for (; _unsent is { } node; _unsent = node.Next) writer.WriteBytes(node.Value.Frame);
    }

    public void Acknowledged(ulong number)
    {
        while (_kept.First is { } node && node.Value.Number <= number)
        {
            if (ReferenceEquals(node, _unsent)) _unsent = node.Next;
            _kept.RemoveFirst();
        }
    }

    public void ResendAll() => _unsent = _kept.First;

    public void Clear()
    {
        _kept.Clear();
        _unsent = null;
        _last = 0;
    }
}

/// <summary>How the messages of death watch travel.</summary>
internal static class SystemMessageForm
{
    private const byte Watch = 1;
    private const byte Unwatch = 2;
    private const byte Death = 3;
    private const byte Terminate = 4;

    public static bool TryWrite(FrameWriter writer, Address local, IActorRef recipient, ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                Begin(Watch);
                writer.WriteString(RefText.Other(watch.Watcher, local));
                return true;
            case Unwatch unwatch:
                Begin(Unwatch);
                writer.WriteString(RefText.Other(unwatch.Watcher, local));
                return true;
            case DeathWatchNotification death:
                Begin(Death);
                writer.WriteString(RefText.Other(death.Actor, local));
                writer.WriteByte(death.ExistenceConfirmed ? (byte)1 : (byte)0);
                writer.WriteByte(death.AddressTerminated ? (byte)1 : (byte)0);
                return true;
            case Dispatch.SysMsg.Terminate:
                Begin(Terminate);
                return true;
            default:
                return false;
        }

        void Begin(byte kind)
        {
            writer.WriteByte(kind);
            writer.WriteString(RefText.Recipient(recipient));
        }
    }

    /// <summary>Reads a message and gives it to its recipient; one that ends an actor only if it may.</summary>
    public static void Deliver(ref FrameReader frame, InboundRefs refs, bool mayTerminate)
    {
        var kind = frame.ReadByte();
        var recipient = refs.Recipient(frame.ReadString());
        switch (kind)
        {
            case Watch:
                recipient.SendSystemMessage(new Watch(recipient, refs.Other(frame.ReadString())));
                break;
            case Unwatch:
                recipient.SendSystemMessage(new Unwatch(recipient, refs.Other(frame.ReadString())));
                break;
            case Death:
                var actor = refs.Other(frame.ReadString());
                var existed = frame.ReadByte() != 0;
                recipient.SendSystemMessage(new DeathWatchNotification(actor, existed, frame.ReadByte() != 0));
                break;
            case Terminate:
                if (mayTerminate) recipient.SendSystemMessage(new Terminate());
                break;
            default:
                throw new ProtocolException($"A system message has the unknown kind {kind}.");
        }
    }
}
