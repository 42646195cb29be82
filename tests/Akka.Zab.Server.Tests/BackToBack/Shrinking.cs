using System.Diagnostics;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>Looks for few steps that show a difference, when many have: leaves out what it goes without.</summary>
internal sealed class Shrinking(Comparison comparison)
{
    static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    readonly Stopwatch _clock = Stopwatch.StartNew();
    int _tries;

    /// <summary>The difference that the fewest steps showed, or the one given if it does not come again.</summary>
    public DifferenceException Smallest(IReadOnlyList<Step> steps, DifferenceException found)
    {
        List<Step> shown = [.. steps.Take(found.Step + 1)];
        if (Try(shown) is not { } smallest) return found;
        shown = shown[..Math.Min(shown.Count, smallest.Step + 1)];
        for (var size = shown.Count / 2; size >= 1; size /= 2)
        {
            for (var start = Math.Max(0, shown.Count - size); shown.Count > 1; start -= size)
            {
                var at = Math.Max(0, start);
                List<Step> less = [.. shown[..at], .. shown.Skip(at + size)];
                if (Try(less) is { } still)
                {
                    smallest = still;
                    shown = less[..Math.Min(less.Count, still.Step + 1)];
                }
                if (at == 0) break;
            }
        }
        for (var step = shown.Count - 1; step >= 0; step--)
        {
            for (var i = Count(shown[step]) - 1; i >= 0 && Count(shown[step]) > 1; i--)
            {
                var burst = (Burst)shown[step];
                List<Step> less = [.. shown];
                less[step] = new Burst(burst.Session, [.. burst.Operations.Where((_, at) => at != i)]);
                if (Try(less) is not { } still) continue;
                smallest = still;
                shown = less;
            }
        }
        return smallest;
    }

    static int Count(Step step) => step is Burst burst ? burst.Operations.Count : 1;

    DifferenceException? Try(List<Step> steps)
    {
        if (_clock.Elapsed > _patience || steps.Count == 0) return null;
        try
        {
            comparison.Run($"/shrink-{++_tries}", steps);
            return null;
        }
        catch (DifferenceException e)
        {
            return e;
        }
        catch (SilentReferenceException)
        {
            return null;
        }
    }
}
