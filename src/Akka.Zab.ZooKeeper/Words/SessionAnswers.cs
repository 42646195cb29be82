using System.Globalization;
using Akka.Zab.Protocol;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;
using Akka.Zab.ZooKeeper.Connections;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>The answer to <c>dump</c>: sessions, their ephemeral znodes, connections.</summary>
internal static class SessionAnswers
{
    public static string Dump(ServerSnapshot server)
    {
        var text = new Lines();
        text.Add($"SessionTracker dump:");
        if (server.LocalExpiry is { } local) AddExpiry(text, "Local ", local);
        if (server.Peer.Role == ServerRole.Leading)
            AddExpiry(text, server.LocalExpiry is null ? "" : "Global ", server.Expiry);
        else AddSessions(text, server.Tree);
        text.Add($"ephemeral nodes dump:");
        AddEphemerals(text, server.Tree);
        text.Add($"Connections dump:");
        text.Add($"Connections Sets (1)/({server.Connections.Count}):");
        foreach (var connection in server.Connections)
            text.Add($"\tip: /{connection.Remote} sessionId: 0x{connection.SessionId:x}");
        return text.ToString();
    }

    static void AddExpiry(Lines text, string which, IReadOnlyList<ExpiryBucket> buckets)
    {
        text.Add($"{which}Session Sets ({buckets.Count})/({buckets.Sum(static bucket => bucket.Sessions.Length)}):");
        foreach (var (due, sessions) in buckets)
        {
            var at = due.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture);
            text.Add($"{sessions.Length} expire at {at}:");
            foreach (var session in sessions) text.Add($"\t0x{session:x}");
        }
    }

    static void AddSessions(Lines text, ZnodeTree? tree)
    {
        text.Add($"Global Sessions({tree?.SessionCount ?? 0}):");
        foreach (var (id, session) in tree?.Sessions ?? []) text.Add($"0x{id:x}\t{session.TimeoutMs}ms");
    }

    static void AddEphemerals(Lines text, ZnodeTree? tree)
    {
        var owners = (tree?.Sessions ?? [])
            .Select(session => (session.Key, Paths: tree!.EphemeralsOf(session.Key)))
            .Where(static owner => owner.Paths.Count > 0)
            .ToArray();
        text.Add($"Sessions with Ephemerals ({owners.Length}):");
        foreach (var (id, paths) in owners)
        {
            text.Add($"0x{id:x}:");
            foreach (var path in paths) text.Add($"\t{path}");
        }
    }
}
