using System.Globalization;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>The files and sockets that this process has open.</summary>
internal static class OpenFiles
{
    const string Descriptors = "/proc/self/fd", Limits = "/proc/self/limits", Limit = "Max open files";

    /// <summary>How many there are, and how many there may be; null where the system does not say.</summary>
    public static (int Open, long Most)? Count()
    {
        if (!Directory.Exists(Descriptors) || !File.Exists(Limits)) return null;
        var open = Directory.EnumerateFileSystemEntries(Descriptors).Count();
        foreach (var line in File.ReadLines(Limits))
        {
            if (!line.StartsWith(Limit, StringComparison.Ordinal)) continue;
            var soft = line[Limit.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return (open, long.TryParse(soft, CultureInfo.InvariantCulture, out var most) ? most : long.MaxValue);
        }
        return null;
    }
}
