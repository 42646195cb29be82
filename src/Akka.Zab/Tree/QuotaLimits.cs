using System.Globalization;
using System.Text;

namespace Akka.Zab.Tree;

/// <summary>
/// What the data of a <c>zookeeper_limits</c> znode says, such as <c>count=10,bytes=-1=;byteHardLimit=500;
/// countHardLimit=-1</c>; -1 is no limit. What cannot be read says nothing.
/// </summary>
/// <param name="Count">How many znodes there should be at most, the one that has the quota included.</param>
/// <param name="Bytes">How many bytes of data they should have at most.</param>
/// <param name="HardCount">How many znodes there may be.</param>
/// <param name="HardBytes">How many bytes of data they may have.</param>
internal readonly record struct QuotaLimits(long Count, long Bytes, long HardCount, long HardBytes)
{
    /// <summary>Nothing is limited.</summary>
    public static QuotaLimits None => new(-1, -1, -1, -1);

    /// <summary>Reads the text of a limits znode.</summary>
    public static QuotaLimits Parse(ReadOnlySpan<byte> data)
    {
        var limits = None;
        var text = Encoding.UTF8.GetString(data).AsSpan();
        foreach (var range in text.SplitAny(',', ';'))
        {
            var pair = text[range];
            var equals = pair.IndexOf('=');
            if (equals < 0 || !long.TryParse(pair[(equals + 1)..].TrimEnd('='), CultureInfo.InvariantCulture, out var limit))
                continue;
            limits = pair[..equals].Trim() switch
            {
                "count" => limits with { Count = limit },
                "bytes" => limits with { Bytes = limit },
                "countHardLimit" => limits with { HardCount = limit },
                "byteHardLimit" => limits with { HardBytes = limit },
                _ => limits,
            };
        }

        return limits;
    }

    /// <summary>
    /// Whether a change by so much may not be. As in ZooKeeper, one that leaves a number as it was is not judged by that
    /// number's limit, and one that lessens it is refused while it stays beyond.
    /// </summary>
    public bool Forbids(in QuotaUsage usage, in QuotaUsage more) =>
        (more.Count != 0 && HardCount >= 0 && usage.Count + more.Count > HardCount)
        || (more.Bytes != 0 && HardBytes >= 0 && usage.Bytes + more.Bytes > HardBytes);

    /// <summary>Whether so much is more than there should be; where there is a hard limit, that one counts.</summary>
    public bool AreExceededBy(in QuotaUsage usage) =>
        (Math.Max(Count, HardCount) >= 0 && usage.Count > (HardCount >= 0 ? HardCount : Count))
        || (Math.Max(Bytes, HardBytes) >= 0 && usage.Bytes > (HardBytes >= 0 ? HardBytes : Bytes));
}

/// <summary>How much there is below a znode that has a quota, the znode itself included.</summary>
internal readonly record struct QuotaUsage(long Count, long Bytes)
{
    public static QuotaUsage operator +(in QuotaUsage a, in QuotaUsage b) => new(a.Count + b.Count, a.Bytes + b.Bytes);

    /// <summary>As the data of a <c>zookeeper_stats</c> znode.</summary>
    public byte[] ToData() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"count={Count},bytes={Bytes}"));
}
