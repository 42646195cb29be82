using Akka.Zab.Client;

namespace Akka.Zab.Protocol;

/// <summary>From a request to change the ensemble to the members that it would have.</summary>
internal static class Reconfiguration
{
    /// <summary>The members after the change, or why there is no such change.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="current">The ensemble that it starts from.</param>
    /// <param name="members">The members after it.</param>
    public static ZabError Plan(Reconfigure request, Ensemble current, out IReadOnlyList<Member> members)
    {
        members = current.Members;
        if (request.FromVersion != -1 && request.FromVersion != current.Version)
            return ZabError.BadVersion;
        if (request.NewMembers is { } whole)
        {
            if (!EnsembleText.TryParse(whole, out var ensemble))
                return ZabError.BadArguments;
            members = ensemble.Members;
        }
        else if (current.IsWeighted || !TryChange(request, current, out members))
        {
            // Which group a server belongs to, only a whole configuration says.
            return ZabError.BadArguments;
        }

        foreach (var member in members)
        {
            if (member.Host.Length == 0)
                return ZabError.BadArguments;
        }

        return ZabError.Ok;
    }

    /// <summary>As ZooKeeper does it: who leaves goes first, then who joins is added or replaces its namesake.</summary>
    private static bool TryChange(Reconfigure request, Ensemble current, out IReadOnlyList<Member> members)
    {
        members = [];
        var next = new SortedDictionary<int, Member>();
        foreach (var member in current.Members)
            next.Add(member.Id, member);
        foreach (var id in Parts(request.Leaving))
        {
            if (!EnsembleText.TryParseNumber(id, 1, 255, out var server))
                return false;
            next.Remove(server);
        }

        foreach (var text in Parts(request.Joining))
        {
            if (!EnsembleText.TryParseServer(text, out var member))
                return false;
            next[member.Id] = member;
        }

        members = [.. next.Values];
        return (request.Joining ?? request.Leaving) is not null && EnsembleText.TryMake(members, 0, out _);
    }

    private static string[] Parts(string? list) =>
        list?.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
