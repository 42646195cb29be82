using System.Text.RegularExpressions;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>A difference that is meant to be there.</summary>
/// <param name="Name">Short.</param>
/// <param name="Why">The reason.</param>
/// <param name="Explains">
/// Whether it is the reason for a pair of lines: the operation if the line is a reply, the request in words, the line
/// of ZooKeeper, ours.
/// </param>
internal sealed partial record IntendedDifference(string Name, string Why, Func<Operation?, string, string, string, bool> Explains)
{
    public static readonly IReadOnlyList<IntendedDifference> All =
    [
        new("empty path",
            "ZooKeeper takes the empty path of a read for the root, an accident; here it is a znode that is not there.",
            (operation, asked, _, ours) => operation?.Code is Op.Exists or Op.GetData or Op.GetAcl
                    or Op.GetChildren or Op.GetChildren2 or Op.GetAllChildrenNumber or Op.MultiRead
                && asked.Contains("\"\"", StringComparison.Ordinal) && ours.Contains("-101", StringComparison.Ordinal)),
        new("zxid of what needs no tree",
            "The session answers pings, whoAmI and malformed requests by itself, with the last zxid that the client has "
            + "seen, where ZooKeeper tells the last that it has applied. Clients only ever take the greatest.",
            (operation, _, theirs, ours) => WithoutZxid(theirs) == WithoutZxid(ours)
                && (operation?.Code is Op.Ping or Op.WhoAmI || ours.StartsWith("err=-5 ", StringComparison.Ordinal))),
        new("checkWatches of others' watches",
            "ZooKeeper 3.8 answers as if a connection watched a path when any connection does.",
            (operation, _, theirs, ours) => operation?.Code == Op.CheckWatches
                && theirs.StartsWith("err=0 ", StringComparison.Ordinal)
                && ours.StartsWith("err=-121 ", StringComparison.Ordinal)),
        new("one kind of persistent watch",
            "ZooKeeper 3.8 does not know the types 4 and 5 of removeWatches and checkWatches; later ones do.",
            (operation, asked, theirs, ours) => operation?.Code is Op.RemoveWatches or Op.CheckWatches
                && (asked.EndsWith("type=4", StringComparison.Ordinal) || asked.EndsWith("type=5", StringComparison.Ordinal))
                && theirs.StartsWith("err=-5 ", StringComparison.Ordinal)
                && (ours.StartsWith("err=0 ", StringComparison.Ordinal) || ours.StartsWith("err=-121 ", StringComparison.Ordinal))),
        new("exists without READ",
            "ZooKeeper 3.8 tells of a znode to those who may not read it; later ones refuse, as is done here.",
            (operation, _, theirs, ours) => operation?.Code == Op.Exists
                && theirs.StartsWith("err=0 ", StringComparison.Ordinal)
                && ours.StartsWith("err=-102 ", StringComparison.Ordinal)),
        new("empty result behind a refused multi",
            "ZooKeeper sends the end of no results behind the error of a malformed multi; no client reads it.",
            (operation, _, theirs, ours) => operation?.Code is Op.Multi or Op.MultiRead
                && theirs.StartsWith("err=-5 ", StringComparison.Ordinal)
                && theirs.EndsWith(" and 9 bytes more", StringComparison.Ordinal)
                && ours.StartsWith("err=-5 ", StringComparison.Ordinal)),
        new("create2 in a multi",
            "ZooKeeper 3.8 answers it without the stat, which later ones and clients made for them expect.",
            (operation, _, theirs, ours) => operation?.Code == Op.Multi
                && WithoutCreate2(theirs) == WithoutCreate2(ours)),
        new("an ephemeral in a local session's multi",
            "Where another server than the session's leads, ZooKeeper says in a multi that the session has expired.",
            (operation, _, theirs, ours) => operation?.Code == Op.Multi && ours.Contains("[-1 -120 -120]", StringComparison.Ordinal)
                && theirs.Replace("[-1 -112 -112]", "[-1 -120 -120]", StringComparison.Ordinal) == ours),
        new("null path",
            "A request without a path is malformed, whatever else is wrong with it; a sync, too.",
            (operation, asked, theirs, ours) => asked.Contains("(null)", StringComparison.Ordinal)
                && (operation?.Code == Op.Sync || theirs.StartsWith("err=-", StringComparison.Ordinal))
                && ours.StartsWith("err=-5 ", StringComparison.Ordinal)),
        new("what auth stands for",
            "An entry of the scheme auth becomes the connection's ids, here in the order in which it proved them and each "
            + "once; ZooKeeper has the order of a hash table, and an id twice if the list had it already.",
            (operation, _, theirs, ours) => operation?.Code == Op.GetAcl
                && theirs.Split(' ').ToHashSet().SetEquals(ours.Split(' '))),
    ];

    [GeneratedRegex("""\[Create2 0 ("[^"]*") \([^)]*\)\]""")]
    private static partial Regex Create2Result();

    public static IntendedDifference? Of(Operation? operation, string asked, string theirs, string ours)
        => All.FirstOrDefault(difference => difference.Explains(operation, asked, theirs, ours));

    static string WithoutCreate2(string line) => Create2Result().Replace(line, "[Create 0 $1]");

    static string WithoutZxid(string line)
    {
        var words = line.Split(' ', 3);
        return words.Length > 1 && words[1].StartsWith("zxid=", StringComparison.Ordinal)
            ? $"{words[0]} {(words.Length > 2 ? words[2] : "")}" : line;
    }
}
