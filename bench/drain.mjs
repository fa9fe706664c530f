/** Reads all there is through the stock client, into nothing; answers how many events. */
export async function drain(client) {
  let count = 0;
  const all = client.readAll();
  await new Promise((resolve, reject) => {
    all.on('error', reject);
    all.on('data', () => count++);
    all.on('end', resolve);
  });
  return count;
}
