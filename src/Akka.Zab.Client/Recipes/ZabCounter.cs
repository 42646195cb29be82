using System.Globalization;
using System.Text;

namespace Akka.Zab.Client.Recipes;

/// <summary>A number that all clients share.</summary>
/// <param name="zab">The client.</param>
/// <param name="path">
/// The znode that holds it, as decimal digits; created with 0 when missing, and never deleted.
/// </param>
/// <exception cref="ArgumentException">The path is not absolute, or the root.</exception>
public sealed class ZabCounter(ZabClient zab, string path)
{
    private readonly ZabValue _value = new(zab, path);

    /// <summary>The number, as this client's server knows it.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>A lost connection is no failure: it is asked again over the next one.</remarks>
    /// <exception cref="InvalidDataException">The znode holds something else.</exception>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it.</exception>
    public async Task<long> GetAsync(CancellationToken cancellation = default) =>
        Parse((await _value.GetAsync(cancellation).ConfigureAwait(false)).Data);

    /// <summary>Adds to the number, exactly once.</summary>
    /// <param name="amount">What to add; negative to subtract.</param>
    /// <param name="cancellation">Stops the waiting; the amount may have been added.</param>
    /// <returns>The number with the amount added.</returns>
    /// <remarks>After a lost connection it finds out whether the amount was added, and adds it if not.</remarks>
    /// <exception cref="OverflowException">The sum is beyond 64 bits; nothing was added.</exception>
    /// <exception cref="InvalidDataException">The znode holds something else.</exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke, and the number has been changed since by others, so that nobody can tell whether the
    /// amount was added. To add again may add twice: where that matters, have a <see cref="ZabValue"/> that remembers
    /// who has added.
    /// </exception>
    /// <exception cref="SessionExpiredException">
    /// The session is over. If that came while the request was under way, the amount may have been added.
    /// </exception>
    /// <exception cref="NoAuthException">The ACLs do not let this client read it, or set it.</exception>
    public async Task<long> AddAsync(long amount = 1, CancellationToken cancellation = default)
    {
        var changed = await _value.UpdateAsync(
            data => Encoding.ASCII.GetBytes(checked(Parse(data) + amount).ToString(CultureInfo.InvariantCulture)),
            cancellation).ConfigureAwait(false);
        return Parse(changed.Data);
    }

    private long Parse(byte[]? data)
    {
        if (data is null or []) return 0;
        return long.TryParse(
            Encoding.ASCII.GetString(data), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"{path} does not hold a number.");
    }
}
