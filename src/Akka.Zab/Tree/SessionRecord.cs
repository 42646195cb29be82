namespace Akka.Zab.Tree;

/// <summary>What the ensemble remembers of an open session.</summary>
/// <param name="Secret">What a client must show to reattach: 16 bytes. Do not change them.</param>
/// <param name="TimeoutMs">The timeout that was agreed when it was opened, in milliseconds.</param>
internal sealed record SessionRecord(byte[] Secret, int TimeoutMs);
