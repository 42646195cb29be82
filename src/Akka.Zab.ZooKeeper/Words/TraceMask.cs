using System.Globalization;

namespace Akka.Zab.ZooKeeper.Words;

/// <summary>What <c>stmk</c> sets and <c>gtmk</c> shows. Nothing is traced by it here; what is logged, Akka decides.</summary>
internal sealed class TraceMask
{
    // ZooKeeper's default: what is sent, and what concerns sessions.
    long _mask = 306;

    public string Show() => Volatile.Read(ref _mask).ToString(CultureInfo.InvariantCulture);

    /// <summary>Sets it, and shows it.</summary>
    public string Set(long mask)
    {
        Volatile.Write(ref _mask, mask);
        return Show();
    }
}
