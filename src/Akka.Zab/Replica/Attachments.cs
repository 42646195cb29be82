using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Akka.Zab.Replica;

/// <summary>The connections attached here, by their number and by their session.</summary>
internal sealed class Attachments
{
    private readonly Dictionary<int, Attachment> _byConnection = [];
    private readonly Dictionary<long, Attachment> _bySession = [];

    public int Count => _byConnection.Count;

    public void Add(Attachment attachment)
    {
        Remove(attachment.Connection);
        _byConnection.Add(attachment.Connection, attachment);
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySession, attachment.SessionId, out _);
        attachment.Next = first;
        first = attachment;
    }

    public bool Remove(int connection)
    {
        if (!_byConnection.Remove(connection, out var attachment)) return false;
        var first = _bySession[attachment.SessionId];
        if (first != attachment)
        {
            var before = first;
            while (before.Next != attachment) before = before.Next!;
            before.Next = attachment.Next;
        }
        else if (attachment.Next is { } next)
        {
            _bySession[attachment.SessionId] = next;
        }
        else
        {
            _bySession.Remove(attachment.SessionId);
        }
        return true;
    }

    public bool TryGet(int connection, [MaybeNullWhen(false)] out Attachment attachment) =>
        _byConnection.TryGetValue(connection, out attachment);

    /// <summary>The connection that made this request; a session's connections elsewhere have other numbers.</summary>
    public bool TryGet(long sessionId, long requestId, [MaybeNullWhen(false)] out Attachment attachment) =>
        _byConnection.TryGetValue((int)(requestId >> 32), out attachment) && attachment.SessionId == sessionId;

    /// <summary>The first of a session's connections; the others follow by <see cref="Attachment.Next"/>.</summary>
    public Attachment? OfSession(long sessionId) => _bySession.GetValueOrDefault(sessionId);

    public void Clear()
    {
        _byConnection.Clear();
        _bySession.Clear();
    }
}
