using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Numbers with a unit: durations and sizes.</summary>
static class HoconUnits
{
    /// <summary>A duration; <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/> where allowed.</summary>
    public static TimeSpan Duration(string? text, bool allowInfinite)
    {
        if (allowInfinite && string.Equals(text, "infinite", StringComparison.OrdinalIgnoreCase))
            return Timeout.InfiniteTimeSpan;

        var (number, unit) = Parts(text, "a duration");
        double? ticks = unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            _ => null,
        };
        if (ticks is null)
            throw new FormatException($"'{text}' is not a duration: the unit must be ns, us, ms, s, m, h or d");
        var total = Math.Round((double)number * ticks.Value);
        if (total < 0) throw new FormatException($"'{text}' is not a duration: it must not be negative");
        return total < long.MaxValue
            ? new TimeSpan((long)total)
            : throw new FormatException($"'{text}' is not a duration: it is too long");
    }

    /// <summary>A number of bytes: kB, MB, ... count in thousands, K, KiB, ... in 1024s.</summary>
    public static long Bytes(string text)
    {
        var (number, unit) = Parts(text, "a size");
        long? factor = unit switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1L,
            "kB" or "kilobyte" or "kilobytes" => 1_000L,
            "MB" or "megabyte" or "megabytes" => 1_000_000L,
            "GB" or "gigabyte" or "gigabytes" => 1_000_000_000L,
            "TB" or "terabyte" or "terabytes" => 1_000_000_000_000L,
            "PB" or "petabyte" or "petabytes" => 1_000_000_000_000_000L,
            "EB" or "exabyte" or "exabytes" => 1_000_000_000_000_000_000L,
            "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
            "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
            _ => null,
        };
        if (factor is null)
            throw new FormatException($"'{text}' is not a size: the unit must be one such as B, kB, KiB, MB or MiB");
        try
        {
            return (long)(number * factor.Value);
        }
        catch (OverflowException e)
        {
            throw new FormatException($"'{text}' is not a size: it is too large", e);
        }
    }

    static (decimal Number, string Unit) Parts(string? text, string what)
    {
        text = text?.Trim() ?? "";
        var end = text.Length;
        while (end > 0 && char.IsLetter(text[end - 1])) end--;
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text.AsSpan(0, end).TrimEnd(), style, CultureInfo.InvariantCulture, out var number)
            ? (number, text[end..])
            : throw new FormatException($"'{text}' is not {what}");
    }
}
