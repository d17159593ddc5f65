// An existing page that uses Manyhands as its uploader. Where the service is comes from its own server,
// and so does the token: this page has signed its people in already.

const uploader = document.querySelector("manyhands-upload");
const { service } = await (await fetch("settings.json")).json();

uploader.getToken = async () => {
  const answer = await fetch("token");
  return answer.ok ? answer.text() : null;
};
uploader.addEventListener("manyhands-stored", ({ detail }) => {
  const item = document.createElement("li");
  item.textContent = `${detail.name}, ${detail.size} bytes, ${detail.checksum}`;
  document.querySelector("#received").append(item);
});
uploader.addEventListener("manyhands-error", ({ detail }) => {
  document.querySelector("#trouble").textContent = `${detail.name} ${detail.code}`;
});
uploader.setAttribute("service", service);
