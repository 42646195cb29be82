using Akka.Zab.Replica;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>
/// The words about watches. They tell of those on data, persistent and recursive ones among them, as ZooKeeper's do.
/// </summary>
internal static class WatchAnswers
{
    /// <summary>The answer to <c>wchs</c>.</summary>
    public static string Summary(IReadOnlyList<WatchOfSession> watches)
    {
        var connections = watches.Select(static watch => watch.Connection).Distinct().Count();
        var paths = watches.Select(static watch => watch.Path).Distinct().Count();
        var text = new Lines();
        text.Add($"{connections} connections watching {paths} paths");
        text.Add($"Total watches:{watches.Count}");
        return text.ToString();
    }

    /// <summary>The answer to <c>wchc</c>.</summary>
    public static string BySession(IReadOnlyList<WatchOfSession> watches)
    {
        var text = new Lines();
        foreach (var session in watches.GroupBy(static watch => watch.SessionId))
        {
            text.Add($"0x{session.Key:x}");
            foreach (var watch in session) text.Add($"\t{watch.Path}");
        }
        text.Add($"");
        return text.ToString();
    }

    /// <summary>The answer to <c>wchp</c>.</summary>
    public static string ByPath(IReadOnlyList<WatchOfSession> watches)
    {
        var text = new Lines();
        foreach (var path in watches.GroupBy(static watch => watch.Path))
        {
            text.Add($"{path.Key}");
            foreach (var watch in path) text.Add($"\t0x{watch.SessionId:x}");
        }
        text.Add($"");
        return text.ToString();
    }
}
