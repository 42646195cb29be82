namespace Akka.Zab.Sessions;

/// <summary>Which session a client gets, and how it comes by it.</summary>
/// <param name="How">What was decided.</param>
/// <param name="SessionId">The session: the one asked for, or a new one.</param>
/// <param name="Secret">Its secret: the one shown, or a new one.</param>
/// <param name="ReadOnly">Whether there is no leader, and reads are all that is answered.</param>
internal sealed record SessionOpening(Admission How, long SessionId, byte[] Secret, bool ReadOnly = false);
