using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>
/// The numbers that stand for actors on one connection, at its sending end. An actor's path travels once; the
/// short-lived receivers of asks are never numbered.
/// </summary>
internal sealed class OutboundRefs(Address local)
{
    private const int MostNumbers = 1 << 16;

    private readonly Dictionary<IActorRef, uint> _numbers = [];
    private readonly List<IActorRef> _ordered = [];
    private IActorRef? _lastRecipient;
    private IActorRef? _lastSender;
    private ulong _lastRecipientCode;
    private ulong _lastSenderCode;

    /// <summary>How many actors have numbers; for <see cref="ForgetSince"/>.</summary>
    public int Count => _ordered.Count;

    /// <summary>Takes back the numbers that a frame gave which is not sent after all.</summary>
    public void ForgetSince(int count)
    {
        for (var i = count; i < _ordered.Count; i++) _numbers.Remove(_ordered[i]);
        _ordered.RemoveRange(count, _ordered.Count - count);
        _lastRecipient = _lastSender = null;
    }

    public void WriteRecipient(FrameWriter writer, IActorRef recipient)
    {
        if (ReferenceEquals(recipient, _lastRecipient))
        {
            writer.WriteVarint(_lastRecipientCode);
            return;
        }
        if (TryWriteKnown(writer, recipient, out var code))
        {
            (_lastRecipient, _lastRecipientCode) = (recipient, code);
            return;
        }
        WriteNew(writer, recipient, RefText.Recipient(recipient));
    }

    public void WriteSender(FrameWriter writer, IActorRef? sender)
    {
        if (sender is null || sender.IsNobody())
        {
            writer.WriteVarint(RefCode.None);
            return;
        }
        if (ReferenceEquals(sender, _lastSender))
        {
            writer.WriteVarint(_lastSenderCode);
            return;
        }
        if (TryWriteKnown(writer, sender, out var code))
        {
            (_lastSender, _lastSenderCode) = (sender, code);
            return;
        }
        WriteNew(writer, sender, RefText.Other(sender, local));
    }

    private bool TryWriteKnown(FrameWriter writer, IActorRef actor, out ulong code)
    {
        var known = _numbers.TryGetValue(actor, out var number);
        code = number + RefCode.FirstNumber;
        if (known) writer.WriteVarint(code);
        return known;
    }

    private void WriteNew(FrameWriter writer, IActorRef actor, string text)
    {
        var numbered = _ordered.Count < MostNumbers && !RefText.IsTemporary(actor.Path);
        writer.WriteVarint(numbered ? RefCode.Define : RefCode.Literal);
        writer.WriteString(text);
        if (!numbered) return;
        _numbers.Add(actor, (uint)_ordered.Count);
        _ordered.Add(actor);
    }
}

/// <summary>What precedes an actor in a frame.</summary>
internal static class RefCode
{
    public const ulong None = 0;
    public const ulong Literal = 1;
    public const ulong Define = 2;
    public const ulong FirstNumber = 3;
}

/// <summary>The paths of actors as text: beginning with '/' at one end of the connection, else complete.</summary>
internal static class RefText
{
    /// <summary>A recipient lives at the receiving end.</summary>
    public static string Recipient(IActorRef actor) => Relative(actor.Path);

    /// <summary>Any other actor; without an address if it lives at the sending end.</summary>
    public static string Other(IActorRef actor, Address local) =>
        actor.Path.Address is var address && (address.HasLocalScope || address.Equals(local))
            ? Relative(actor.Path)
            : actor.Path.ToSerializationFormat();

    public static bool IsTemporary(ActorPath path) => path.Depth >= 2 && path.ParentOf(1).Name == "temp";

    private static string Relative(ActorPath path)
    {
        var text = path.ToStringWithoutAddress();
        return path.Uid == 0 ? text : $"{text}#{path.Uid}";
    }
}

/// <summary>The numbers that stand for actors on one connection, at its receiving end.</summary>
internal sealed class InboundRefs(RemoteActorRefProvider provider, Address peer)
{
    private readonly List<Entry> _entries = [];

    public IInternalActorRef ReadRecipient(ref FrameReader frame) =>
        Read(ref frame, recipient: true) ?? throw new ProtocolException("A message has no recipient.");

    public IInternalActorRef? ReadSender(ref FrameReader frame) => Read(ref frame, recipient: false);

    public IInternalActorRef Recipient(string text) => (IInternalActorRef)provider.ResolveLocal(text);

    public IInternalActorRef Other(string text) => (IInternalActorRef)(text.StartsWith('/')
        ? provider.ResolveActorRef(peer + text)
        : provider.ResolveActorRef(text));

    private IInternalActorRef? Read(ref FrameReader frame, bool recipient)
    {
        var code = frame.ReadVarint();
        switch (code)
        {
            case RefCode.None: return null;
            case RefCode.Literal: return Resolve(frame.ReadString(), recipient);
            case RefCode.Define:
                var text = frame.ReadString();
                var entry = new Entry(text, recipient, Resolve(text, recipient));
                _entries.Add(entry);
                return entry.Ref;
            default:
                var number = code - RefCode.FirstNumber;
                if (number >= (ulong)_entries.Count)
                    throw new ProtocolException($"A message refers to actor number {number}, which is not defined.");
                return Current(_entries[(int)number]);
        }
    }

    private IInternalActorRef Resolve(string text, bool recipient) => recipient ? Recipient(text) : Other(text);

    /// <summary>A local actor that has ended may have a successor of the same name.</summary>
    private IInternalActorRef Current(Entry entry)
    {
        if (entry.Ref is { IsLocal: true, IsTerminated: true }) entry.Ref = Resolve(entry.Text, entry.Recipient);
        return entry.Ref;
    }

    private sealed class Entry(string text, bool recipient, IInternalActorRef actor)
    {
        public readonly string Text = text;
        public readonly bool Recipient = recipient;
        public IInternalActorRef Ref = actor;
    }
}
